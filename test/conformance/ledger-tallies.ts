import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Verdict } from '../../src/engine/decision.js'
import { HOUR, MINUTE } from '../../src/engine/units.js'
import { DIMENSIONS, type RollupPeriod, TALLIES } from '../../src/ledger/console-port.js'
import type { Ledger } from '../../src/ledger/port.js'
import type { Credit, OutcomeKind } from '../../src/ledger/rows.js'
import { aCharged, aRequest, aSend, T0 } from './ledger-rows.js'
import { type Counts, type Happened, recount } from './recount.js'

type Event =
  | {
      do: 'request'
      after: number
      number: number
      service: string
      verdict: Verdict
      monitor: boolean
      source: number
      provider: string | null
    }
  | { do: 'settle'; which: number; kind: OutcomeKind; from: Credit[]; to: Credit }
  | { do: 'count'; limit: number }
  | { do: 'wait'; ms: number }
  | { do: 'restart' }

const verdict = fc.constantFrom<Verdict>('allow', 'allow', 'allow', 'challenge', 'hold', 'deny')
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      after: fc.integer({ min: 0, max: 4 * MINUTE }),
      number: fc.nat(4),
      service: fc.constantFrom('signup', 'login'),
      verdict,
      monitor: fc.boolean(),
      source: fc.nat(3),
      provider: fc.constantFrom('one', 'two', null),
    }),
  },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom<[OutcomeKind, Credit[], Credit]>(
        ['verified', ['reserved', 'lost', 'failed'], 'earned'],
        ['lost', ['reserved'], 'lost'],
        ['failed', ['reserved', 'lost'], 'failed'],
        ['released', ['reserved'], 'released'],
        ['activated', ['earned'], 'activated'],
        ['banned', ['earned', 'activated'], 'lost'],
      )
      .chain(([kind, from, to]) =>
        fc.record({
          do: fc.constant('settle' as const),
          which: fc.nat(60),
          kind: fc.constant(kind),
          from: fc.constant(from),
          to: fc.constant(to),
        }),
      ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('count' as const),
      limit: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.integer({ min: MINUTE, max: 3 * HOUR }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
)

/** Opens a new ledger; `again` closes it and opens it anew, where it outlives its process. */
export type OpenLedger = (clock: () => number) => Promise<{
  ledger: Ledger
  /** numbers are kept as hashes */
  hashed?: boolean
  again?: () => Promise<Ledger>
}>

/** @param numRuns histories that are played: fewer for a store that takes long to make */
export function ledgerTallies(open: OpenLedger, numRuns = 30): void {
  test('roll-ups equal a recount of the history, whatever was counted when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 5, maxLength: 60 }),
        fc.integer({ min: 1, max: 50 }),
        async (events, batch) => {
          const { ledger, history, hashed, now } = await live(open, events)
          try {
            const end = now + 15 * MINUTE
            for (let i = 0; (await ledger.rollUp(batch, end)) >= batch; i++)
              expect(i).toBeLessThan(1_000)
            for (const period of ['minute', 'hour', 'day'] as const)
              expect(await counted(ledger, period)).toEqual(
                sorted(recount(history, period, end, hashed)),
              )
            expect(await ledger.rollUp(batch, end)).toBe(0)
          } finally {
            await ledger.close()
          }
        },
      ),
      { seed: 20_261_121, numRuns },
    )
  })

  test('a code that comes back before its provider answers counts for that provider', async () => {
    const { ledger } = await open(() => T0)
    const row = aCharged('r1', { at: T0 })
    const send = aSend('m1', { requestId: 'r1', at: T0, provider: null, status: 'pending' })
    ledger.append([
      { table: 'requests', row },
      { table: 'sends', row: send },
    ])
    await ledger.settle('r1', ['reserved'], 'earned', { kind: 'verified', at: T0 + 3_000 })
    await ledger.rollUp(100, T0 + 3_000)
    await ledger.updateSend('m1', { status: 'accepted', provider: 'one', providerId: 'p1' })
    await ledger.rollUp(100, T0 + 8_000)
    const hour = { period: 'hour', from: 0, to: 2 * T0 } as const
    for (const dimension of ['all', 'provider'] as const)
      expect(await ledger.series({ ...hour, dimension })).toMatchObject([
        { sends: 1, verified: 1, verifiedMicroUsd: row.priceMicroUsd },
      ])

    // one that never answers holds up nothing for longer than a minute
    const other = aSend('m2', { requestId: 'r2', at: T0, provider: null, status: 'pending' })
    ledger.append([
      { table: 'requests', row: aCharged('r2', { at: T0 }) },
      { table: 'sends', row: other },
    ])
    await ledger.settle('r2', ['reserved'], 'earned', { kind: 'verified', at: T0 + 9_000 })
    await ledger.rollUp(100, T0 + 2 * MINUTE)
    expect(await ledger.series({ ...hour, dimension: 'all' })).toMatchObject([
      { sends: 2, verified: 2 },
    ])
    await ledger.close()
  })

  test('sums, children, prefixes and services are read as asked', async () => {
    const { ledger } = await open(() => T0)
    const places = [
      ['signup', 'NG', 'NG/803', '+234803123'],
      ['signup', 'NG', 'NG/803', '+234803124'],
      ['login', 'NG', 'NG/805', '+234805111'],
      ['login', 'GH', 'GH/24', '+23324111'],
    ] as const
    for (let i = 0; i < 40; i++) {
      const [service, country, operator, block] = places[i % 4 === 0 ? 0 : (i % 3) + 1] ?? places[0]
      const row = aRequest(`r${i}`, {
        ...{ service, country, operator, block },
        number: `${block}${1000 + i}`,
        at: T0 + i * MINUTE,
      })
      ledger.append([{ table: 'requests', row }])
    }
    await ledger.rollUp(1_000, T0)
    const time = { from: T0 - HOUR, to: T0 + 10 * HOUR }
    const hours = { period: 'hour', ...time } as const
    const tops = async (filter: object) =>
      (await ledger.top({ ...hours, dimension: 'block', ...filter }, 'requests', 10)).map(
        ({ key, parent, requests }) => [key, parent, requests],
      )
    expect(await tops({})).toEqual([
      ['+23324111', 'GH/24', 10],
      ['+234803123', 'NG/803', 10],
      ['+234803124', 'NG/803', 10],
      ['+234805111', 'NG/805', 10],
    ])
    expect(await tops({ parent: 'NG/803' })).toHaveLength(2)
    expect(await tops({ prefix: '+2348' })).toHaveLength(3)
    expect(await tops({ prefix: '+2348', service: 'signup' })).toHaveLength(2)
    expect(await tops({ keys: ['+234805111', '+999'] })).toEqual([['+234805111', 'NG/805', 10]])
    expect(await tops({ keys: [] })).toEqual([])
    expect(await tops({ from: T0 + 20 * HOUR, to: T0 + 30 * HOUR, prefix: '+2' })).toEqual([])
    expect((await ledger.top({ ...hours, dimension: 'block' }, 'requests', 2)).length).toBe(2)

    const series = await ledger.series({ ...hours, dimension: 'country', keys: ['NG'] })
    expect(series.map(({ at }) => at)).toEqual(
      [...series.map(({ at }) => at)].sort((a, b) => a - b),
    )
    expect(series.reduce((sum, { requests }) => sum + requests, 0)).toBe(30)
    const all = await ledger.series({ ...hours, dimension: 'all' })
    expect(all.reduce((sum, { requests }) => sum + requests, 0)).toBe(40)
    const byService = { ...hours, byService: true, dimension: 'all' } as const
    const services = await ledger.top(byService, 'requests', 10)
    expect(services.map(({ service, key, requests }) => [service, key, requests])).toEqual([
      ['login', '', 20],
      ['signup', '', 20],
    ])
    expect(await ledger.top({ ...byService, service: 'login' }, 'requests', 10)).toEqual([
      services[0],
    ])
    const each = await ledger.series(byService)
    expect(each.map(({ at, service }) => [at, service])).toEqual(
      all.flatMap(({ at }) => ['login', 'signup'].map((service) => [at, service])),
    )
    expect(all.map(({ service }) => service)).toEqual(all.map(() => ''))
    const countries = { ...byService, dimension: 'country', keys: ['NG'] } as const
    expect(
      (await ledger.top(countries, 'requests', 10)).map(({ service, requests }) => [
        service,
        requests,
      ]),
    ).toEqual([
      ['signup', 20],
      ['login', 10],
    ])
    const ever = { from: 0, to: Number.MAX_SAFE_INTEGER }
    expect((await ledger.series({ ...hours, ...ever, dimension: 'all', keys: [''] })).length).toBe(
      all.length,
    )
    await ledger.close()
  })
}

/** Plays events; what was promised to be written is what is recounted. */
async function live(open: OpenLedger, events: readonly Event[]) {
  let now = T0
  const opened = await open(() => now)
  let { ledger } = opened
  const history: Happened[] = []
  for (const e of events) {
    if (e.do === 'wait') now += e.ms
    else if (e.do === 'count') await ledger.rollUp(e.limit, now)
    else if (e.do === 'restart') ledger = (await opened.again?.()) ?? ledger
    else if (e.do === 'request') {
      now += e.after
      const seq = history.length + 1
      const sent = e.monitor || e.verdict === 'allow'
      const number = `+23480312345${60 + e.number}`
      const base = {
        at: now,
        service: e.service,
        verdict: sent ? ('allow' as const) : e.verdict,
        would: e.verdict,
        mode: e.monitor ? ('monitor' as const) : ('enforce' as const),
        number,
        ip: `105.112.3.${e.source}`,
        deviceId: e.source === 0 ? null : `device-${e.source}`,
        ...(e.verdict === 'allow' && { reasons: [] }),
      }
      const row = sent ? aCharged(`r${seq}`, base) : aRequest(`r${seq}`, base)
      ledger.append([{ table: 'requests', row }])
      if (sent)
        ledger.append([
          {
            table: 'sends',
            row: aSend(`m${seq}`, {
              requestId: row.id,
              at: now,
              provider: e.provider,
              status: 'accepted',
            }),
          },
        ])
      history.push({
        seq,
        row,
        credit: row.credit,
        verifiedAt: null,
        provider: sent ? e.provider : null,
      })
    } else {
      const one = history[e.which % Math.max(1, history.length)]
      if (one === undefined) continue
      const moved = await ledger.settle(one.row.id, e.from, e.to, { kind: e.kind, at: now })
      if (moved === null) continue
      one.credit = e.to
      if (e.to === 'earned') one.verifiedAt ??= now
    }
  }
  return { ledger, history, hashed: opened.hashed === true, now }
}

async function counted(ledger: Ledger, period: RollupPeriod) {
  const counts: Counts = new Map()
  for (const dimension of DIMENSIONS)
    for (const service of ['signup', 'login']) {
      const filter = { period, dimension, service, from: 0, to: 2 * T0 }
      for (const point of await ledger.series(filter)) {
        const { at, parent, key } = point
        const tally = Object.fromEntries(TALLIES.map((name) => [name, point[name]]))
        counts.set([dimension, at, parent, key, service].join('|'), tally as never)
      }
    }
  return sorted(counts)
}

const sorted = (counts: Counts) =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
