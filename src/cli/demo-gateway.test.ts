import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Change } from '../engine/detect/change.js'
import { DAY, MINUTE } from '../engine/units.js'
import type { HelloView } from '../http/console/hello-view.js'
import type { RangeRow, RangesView, RangeView } from '../http/console/ranges-view.js'
import type { SourcesView } from '../http/console/sources-view.js'
import { CONVERTED, type RequestRow, WENT_OUT } from '../ledger/rows.js'
import { type Demo, startDemo } from './demo-gateway.js'

/** A Saturday noon: the size of a day's traffic depends on it. */
const NOW = Date.UTC(2026, 10, 21, 12)
const SETTINGS = { host: '127.0.0.1', port: 0, speed: 30, now: NOW, realNow: () => 0, seed: 1 }

describe('a demo', () => {
  let demo: Demo
  const changes: { change: Change; at: number }[] = []
  const told: string[] = []
  beforeAll(async () => {
    demo = await startDemo({
      ...SETTINGS,
      ...{ historyDays: 1, sessionsPerDay: 1_000 },
      onChange: (change, at) => changes.push({ change, at }),
      onEvent: ({ name }, what) => told.push(`${name} ${what}`),
    })
  }, 240_000)
  afterAll(() => demo.close())

  const read = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${demo.url}/v1/console/${path}`)
    expect(answer.status).toBe(200)
    return (await answer.json()) as T
  }

  it('has a day of normal traffic behind it, most of it verified, and no incident', async () => {
    const [all] = await demo.front.desk.ledger.top(
      { dimension: 'all', period: 'hour', from: NOW - DAY, to: NOW },
      'requests',
      1,
    )
    // whoever solves a challenge asks a second time; a resend after the last check is refused and no decision
    expect(all?.requests).toBeGreaterThan(0.99 * demo.requests())
    expect(all?.requests).toBeLessThan(1.03 * demo.requests())
    expect(all?.requests).toBeGreaterThan(900)
    expect((all?.verified ?? 0) / (all?.sends ?? 1)).toBeGreaterThan(0.55)
    expect(changes.filter(({ change }) => change.type === 'incident')).toEqual([])
    expect(demo.clock()).toBe(NOW)
  })

  it('runs some verifications whole: codes are sent, entered and reported', async () => {
    const started = (await demo.parts.ledger.requests({ limit: 2_000 })).filter(
      ({ kind }) => kind === 'start',
    )
    const entered = started.filter(({ credit }) => credit === 'earned')
    expect(started.length).toBeGreaterThan(10)
    // which of the sessions are run whole is drawn anew each time: 15 to 20 of these some 45
    expect(entered.length).toBeGreaterThan(5)
    const [first] = entered
    const of = await demo.parts.gate.get(first?.verificationId ?? '')
    expect(of.ok && of.value.status).toBe('verified')
  })

  it('lets whoever opens it from this machine in, and says that it is a simulation', async () => {
    const hello = await read<HelloView>('hello')
    expect(hello).toMatchObject({ simulation: true, user: { role: 'admin' } })
  })

  it('plays an attack that the gate notices and stops within two minutes at its usual speed', async () => {
    const twoMinutes = 2 * MINUTE * SETTINGS.speed
    await demo.playFor(twoMinutes)
    expect(told[0]).toBe('pumped-ranges begins')
    const opened = changes.find(
      ({ change }) => change.type === 'incident' && change.event === 'opened',
    )
    const contained = changes.find(
      ({ change }) => change.type === 'incident' && change.event === 'contained',
    )
    expect(opened?.change).toMatchObject({ incident: { kind: 'attack', countries: ['NG'] } })
    expect(contained?.at).toBeLessThanOrEqual(NOW + twoMinutes)
    const [incident] = demo.parts.gate.incidents()
    expect(incident?.savedMicroUsd).toBeGreaterThan(5 * (incident?.lostMicroUsd ?? 0))
    const attacked = await demo.front.desk.ledger.search({
      range: incident?.ranges[0]?.key ?? '+0',
      from: incident?.firstSendAt ?? 0,
      limit: 500,
    })
    const sent = attacked.rows.filter(({ verdict }) => verdict === 'allow')
    expect(attacked.rows.length - sent.length).toBeGreaterThan(sent.length)
  }, 240_000)

  describe('as ranges and sources show it', () => {
    const span = 'span=24h'
    let rows: RequestRow[] = []
    beforeAll(async () => {
      const { desk } = demo.front
      while ((await desk.ledger.rollUp(5_000, demo.clock())) > 0);
      const { from } = (await read<RangesView>(`ranges?${span}`)).span
      rows = await everything(demo, from)
    })

    it('counts requests, sends, money and conversion of countries and operators as a recount does', async () => {
      const countries = (await read<RangesView>(`ranges?${span}`)).rows
      expect(countries.map(figures)).toEqual(recount(rows, ({ country }) => country, countries))
      const nigeria = await read<RangesView>(`ranges?${span}&level=country&key=NG`)
      const of = rows.filter(({ country }) => country === 'NG')
      expect(nigeria.rows.map(figures)).toEqual(
        recount(of, ({ operator }) => operator, nigeria.rows),
      )
      expect(nigeria.rows.length).toBe(new Set(of.map(({ operator }) => operator)).size)
    })

    it('counts the networks that requests came from as a recount does', async () => {
      // of earlier hours, networks that asked once or twice are not kept
      const view = await read<SourcesView>('sources?span=1h&kind=network&by=saved')
      const [first] = view.rows
      const asked = rows.filter(({ asn, at }) => `AS${asn}` === first?.key && at >= view.span.from)
      expect(asked.length).toBeGreaterThan(20)
      expect(first?.requests).toBe(asked.length)
      expect(first?.network).not.toBeNull()
    })

    it('finds a pumped block by its prefix, with the credit it has used and what speaks of it', async () => {
      const [incident] = demo.parts.gate.incidents()
      const key = incident?.ranges[0]?.key ?? ''
      const found = await read<RangesView>(`ranges/search?${span}&q=${encodeURIComponent(key)}`)
      expect(found.rows.map(({ level }) => level).slice(0, 3)).toEqual([
        'country',
        'operator',
        'block',
      ])
      const block = found.rows.find((row) => row.level === 'block' && key.startsWith(row.key))
      expect(block?.requests).toBe(rows.filter((row) => row.block === block?.key).length)
      expect(block?.credit?.utilisation).toBeGreaterThan(0.5)
      const query = new URLSearchParams({
        level: 'block',
        key: block?.key ?? '',
        operator: block?.operator ?? '',
      })
      const one = await read<RangeView>(`ranges/one?${span}&${query}`)
      expect(one.row).toMatchObject({ requests: block?.requests, country: 'NG' })
      expect(one.series.reduce((sum, { requests }) => sum + requests, 0)).toBe(block?.requests)
      expect(one.sources.some(({ kind }) => kind === 'network')).toBe(true)
    })

    it('finds countries and operators by name, and nothing where there is nothing', async () => {
      const names = async (q: string) =>
        (await read<RangesView>(`ranges/search?${span}&q=${encodeURIComponent(q)}`)).rows.map(
          ({ key }) => key,
        )
      expect(await names('nigeri')).toContain('NG')
      expect(await names('safaricom')).toEqual(expect.arrayContaining(['KE/Safaricom']))
      expect(await names('+99999')).toEqual([])
    })
  })
})

/** Every request since a time, read page by page. */
async function everything(demo: Demo, from: number): Promise<RequestRow[]> {
  const rows: RequestRow[] = []
  for (let before: number | undefined; ; ) {
    const page = await demo.parts.ledger.requests({
      ...{ from, limit: 1_000 },
      ...(before !== undefined && { before }),
    })
    rows.push(...page)
    before = page.at(-1)?.seq
    if (page.length < 1_000) return rows
  }
}

const figures = ({ key, requests, sends, verified, spend }: RangeRow) => ({
  ...{ key, requests, sends, verified, spend },
})

/** The same figures counted from the requests, in the order of the rows. */
function recount(
  rows: readonly RequestRow[],
  keyOf: (row: RequestRow) => string,
  order: readonly { key: string }[],
) {
  return order.map(({ key }) => {
    const of = rows.filter((row) => keyOf(row) === key)
    const sent = of.filter(({ credit }) => WENT_OUT.includes(credit))
    return {
      key,
      requests: of.length,
      sends: sent.length,
      verified: of.filter(({ credit }) => CONVERTED.includes(credit)).length,
      spend: sent.reduce((sum, { priceMicroUsd }) => sum + priceMicroUsd, 0),
    }
  })
}

describe('a demo without attacks', () => {
  it('has normal days only, and nothing is left when it ends', async () => {
    const changes: Change[] = []
    const demo = await startDemo({
      ...SETTINGS,
      ...{ historyDays: 1, sessionsPerDay: 300, events: [] },
      onChange: (change) => changes.push(change),
    })
    await demo.playFor(60 * MINUTE)
    const { url } = demo
    await demo.close()
    expect(changes.filter(({ type }) => type === 'incident')).toEqual([])
    await expect(fetch(url)).rejects.toThrow()
    expect(() => demo.parts.ledger.append([])).toThrow('closed')
  }, 240_000)
})
