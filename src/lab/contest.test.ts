import { describe, expect, it } from 'vitest'
import { address, nigerian, potential, row } from '../../test/fakes/asked-rows.js'
import { DEFAULT_SERVICE } from '../engine/defaults.js'
import { HOUR, MINUTE, SECOND } from '../engine/units.js'
import type { Actor, LabelledRow, Seen } from './actors/actor.js'
import type { Contender, ContenderVerdict } from './contender.js'
import { contest } from './contest.js'
import { createTollgate } from './contest-tollgate.js'
import { createVendorLimits } from './peers/vendor-limits.js'
import { createRowFacts, labSources } from './row-facts.js'
import type { TrafficRow } from './traffic.js'

const rowFacts = createRowFacts(labSources())

/** Asks what it was given, and keeps what it was told. */
function actorOf(rows: readonly LabelledRow[]): Actor & { seen: [string, Seen][] } {
  let next = 0
  const seen: [string, Seen][] = []
  return {
    seen,
    nextAt: () => rows[next]?.row.at ?? Number.POSITIVE_INFINITY,
    ask() {
      const row = rows[next++]
      if (row === undefined) throw new RangeError('asked past its end')
      return row
    },
    told: (row, what) => seen.push([row.id, what]),
  }
}
const legit = (row: TrafficRow): LabelledRow => ({ row, label: 'legit', campaign: null })
const attack = (row: TrafficRow, campaign = 'pump'): LabelledRow => ({
  row,
  label: 'attack',
  campaign,
})

/** Answers by the device that asks, and notes all it is told. */
function scripted(script: Record<string, ContenderVerdict>, solved?: ContenderVerdict) {
  const heard: [string, string, number][] = []
  const contender: Contender = {
    name: 'scripted',
    decide: ({ deviceId }, _, passed) =>
      (passed ? solved : undefined) ??
      script[passed ? '' : (deviceId ?? '')] ?? { verdict: 'allow', reasons: [] },
    outcome: ({ id }, _, what, at) => {
      heard.push([id, what, at])
    },
  }
  return { contender, heard }
}
const DENY: ContenderVerdict = { verdict: 'deny', reasons: ['no'] }
const CHALLENGE: ContenderVerdict = { verdict: 'challenge', reasons: ['prove it'] }

describe('the counts of a contest', () => {
  const never = potential({ verifiedMs: null })
  const noWork = { pow: false, captcha: true, channel: true }

  it('are exact: sides, countries, campaigns, money and reasons', async () => {
    const { contender } = scripted({ bad: DENY, odd: CHALLENGE })
    const british = '+447400123456'
    const result = await contest({
      contender,
      rowFacts,
      source: actorOf([
        legit(row('a', 0)),
        legit(row('b', 1, { deviceId: 'bad' })),
        legit(row('c', 2, { deviceId: 'odd' })),
        legit(row('d', 3, { deviceId: 'odd', potential: potential({ solves: noWork }) })),
        attack(row('e', 4, { to: british, priceMicroUsd: 40_000, potential: never })),
        attack(row('f', 5, { to: british, priceMicroUsd: 40_000, deviceId: 'bad' }), 'other'),
      ]),
    })
    expect(result.legit).toEqual({
      requests: 4,
      sent: 2,
      sentMicroUsd: 200_000,
      attemptedMicroUsd: 400_000,
      challenged: 2,
      denied: 1,
      lost: 2,
    })
    const attackSide = {
      requests: 2,
      sent: 1,
      sentMicroUsd: 40_000,
      attemptedMicroUsd: 80_000,
      challenged: 0,
      denied: 1,
      lost: 1,
    }
    expect(result.attack).toEqual(attackSide)
    expect(Object.keys(result.byCountry)).toEqual(['NG', 'GB'])
    expect(result.byCountry.NG?.legit).toEqual(result.legit)
    expect(result.byCountry.GB?.attack).toEqual(attackSide)
    expect(result.byCampaign.pump).toMatchObject({ requests: 1, sent: 1 })
    expect(result.byCampaign.other).toMatchObject({ requests: 1, denied: 1 })
    expect(result.byReason).toEqual({ legit: { no: 1, 'prove it': 2 }, attack: { no: 1 } })
    expect(result).toMatchObject({ contender: 'scripted', requests: 6, skipped: 0 })
    expect(result.incidentAt).toBeNull()
  })

  it('count harm in a span by itself', async () => {
    const { contender } = scripted({ bad: DENY })
    const from = row('', 10).at
    const { during, legit: all } = await contest({
      contender,
      rowFacts,
      span: { from, to: from + 10 },
      source: actorOf([
        legit(row('before', 9, { deviceId: 'bad' })),
        legit(row('first', 10, { deviceId: 'bad' })),
        attack(row('attack', 15)),
        legit(row('last', 19)),
        legit(row('after', 20)),
      ]),
    })
    expect(all).toMatchObject({ requests: 4, denied: 2 })
    expect(Object.keys(during)).toEqual(['NG'])
    expect(during.NG).toMatchObject({ requests: 2, denied: 1, sent: 1 })
  })

  it('take the proof that the challenge asks for', async () => {
    const card: ContenderVerdict = { ...CHALLENGE, proof: 'channel' }
    const { contender } = scripted({ odd: card })
    const solves = { pow: true, captcha: true, channel: false }
    const result = await contest({
      contender,
      rowFacts,
      source: actorOf([legit(row('a', 0, { deviceId: 'odd', potential: potential({ solves }) }))]),
    })
    expect(result.legit).toMatchObject({ challenged: 1, denied: 0, lost: 1, sent: 0 })
  })

  it('count a challenge that ends in a refusal as both', async () => {
    const { contender } = scripted({ odd: CHALLENGE }, DENY)
    const source = actorOf([legit(row('a', 0, { deviceId: 'odd' }))])
    const result = await contest({ contender, rowFacts, source })
    expect(result.legit).toMatchObject({ challenged: 1, denied: 1, lost: 1, sent: 0 })
    expect(source.seen).toEqual([['a', 'refused']])
  })

  it('sort requests by score', async () => {
    const { contender } = scripted({
      low: { verdict: 'allow', reasons: [], score: 9 },
      high: { verdict: 'allow', reasons: [], score: 100 },
    })
    const { reliability } = await contest({
      contender,
      rowFacts,
      source: actorOf([
        legit(row('a', 0, { deviceId: 'low' })),
        legit(row('b', 1, { deviceId: 'high' })),
        attack(row('c', 2, { deviceId: 'high' })),
      ]),
    })
    expect(reliability).toHaveLength(10)
    expect(reliability[0]).toEqual({ requests: 1, attacks: 0 })
    expect(reliability[9]).toEqual({ requests: 2, attacks: 1 })
  })
})

describe('time in a contest', () => {
  it('tells outcomes when they come, and never of what was not sent', async () => {
    const { contender, heard } = scripted({ bad: DENY })
    await contest({
      contender,
      rowFacts,
      source: actorOf([
        legit(row('quick', 0, { potential: potential({ verifiedMs: 20_000 }) })),
        legit(row('slow', 1, { potential: potential({ verifiedMs: 200_000 }) })),
        legit(row('dead', 2, { potential: potential({ deliveryError: 'x', deliveredMs: 500 }) })),
        legit(row('refused', 3, { deviceId: 'bad' })),
        attack(row('never', 4, { potential: potential({ verifiedMs: null }) })),
      ]),
    })
    const since = row('', 0).at
    expect(heard.map(([id, what, at]) => [id, what, at - since])).toEqual([
      ['dead', 'failed', 502],
      ['quick', 'verified', 20_000],
      ['slow', 'matured', 120_001],
      ['never', 'matured', 120_004],
      ['slow', 'verified', 200_001],
    ])
  })

  it('skips a retry only if its first try had been verified by then', async () => {
    const { contender } = scripted({})
    const source = actorOf([
      legit(row('a', 0)),
      legit(row('b', 10 * SECOND, { retryOf: 'a' })),
      legit(row('c', 30 * SECOND, { retryOf: 'a' })),
    ])
    const result = await contest({ contender, rowFacts, source })
    expect(result).toMatchObject({ requests: 2, skipped: 1 })
    expect(source.seen).toEqual([
      ['a', 'sent'],
      ['b', 'sent'],
    ])
  })

  it('tells the actor of one answer before it asks again', async () => {
    const order: string[] = []
    const rows = [row('a', 0, { deviceId: 'bad' }), row('b', 1)]
    let next = 0
    const { contender } = scripted({ bad: DENY })
    await contest({
      contender,
      rowFacts,
      source: {
        nextAt: () => rows[next]?.at ?? Number.POSITIVE_INFINITY,
        ask() {
          const asked = rows[next++] as TrafficRow
          order.push(`ask ${asked.id}`)
          return attack(asked)
        },
        told: ({ id }, seen) => order.push(`${id} ${seen}`),
      },
    })
    expect(order).toEqual(['ask a', 'a refused', 'ask b', 'b sent'])
  })

  it('measures how long an attack got through', async () => {
    const { contender } = scripted({ bad: DENY })
    const asks = (minute: number, sent: number, of: number) =>
      Array.from({ length: of }, (_, i) =>
        attack(
          row(`m${minute}.${i}`, HOUR + minute * MINUTE + i, i < sent ? {} : { deviceId: 'bad' }),
        ),
      )
    const result = await contest({
      contender,
      rowFacts,
      source: actorOf([
        legit(row('before', 0)),
        ...asks(0, 5, 50),
        ...asks(2, 3, 200),
        // 1 of 200 is half a percent: contained
        ...asks(3, 1, 200),
      ]),
    })
    expect(result.containment).toEqual({
      startedAt: row('', HOUR).at,
      afterMs: 3 * MINUTE,
      contained: true,
      sends: 8,
      peakMicroUsd: 500_000,
    })
  })
})

describe('real rules in a contest', () => {
  /** 200 people of Nigeria over two hours, and from minute 30 a flood of one block from ever new addresses. */
  const rows = (): LabelledRow[] =>
    [
      ...Array.from({ length: 200 }, (_, i) =>
        legit(
          row(`p${i}`, i * 36 * SECOND, {
            to: nigerian(i),
            ip: address(i),
            deviceId: `d${i}`,
          }),
        ),
      ),
      ...Array.from({ length: 1_000 }, (_, i) =>
        attack(
          row(`x${i}`, 30 * MINUTE + i * 2 * SECOND, {
            to: `+234809555${String(i).padStart(4, '0')}`,
            ip: `102.89.${i >> 8}.${i & 255}`,
            potential: potential({ verifiedMs: null }),
          }),
        ),
      ),
    ].sort((a, b) => a.row.at - b.row.at)

  it('fixed limits let a flood of fresh numbers and addresses through in full', async () => {
    const contender = createVendorLimits()
    const result = await contest({ contender, rowFacts, source: actorOf(rows()) })
    expect(result.attack.sent).toBe(1_000)
    expect(result.legit.lost).toBe(0)
    expect(result.containment.contained).toBe(false)
  })

  it('Tollgate holds it to the openings of one block, and the people do not notice', async () => {
    const tollgate = () =>
      createTollgate({
        policy: {
          version: 1,
          mode: 'enforce',
          spendCaps: [],
          services: {},
          fallback: { ...DEFAULT_SERVICE, mode: 'enforce', markets: ['NG'] },
        },
      })
    const run = () => contest({ contender: tollgate(), rowFacts, source: actorOf(rows()) })
    const result = await run()
    expect(result.legit).toMatchObject({ requests: 200, lost: 0, denied: 0 })
    expect(result.attack.requests).toBe(1_000)
    expect(result.attack.sent).toBeGreaterThan(0)
    expect(result.attack.sent).toBeLessThanOrEqual(10)
    expect(result.reliability).toHaveLength(10)
    expect(await run()).toEqual(result)
  })
})
