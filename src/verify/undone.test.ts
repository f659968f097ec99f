import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type RedisProcess,
  skipped,
  startRedis,
  until,
  why,
} from '../../test/fakes/redis-server.js'
import {
  type Answer,
  CODE,
  NOT_TAKEN,
  type Stage,
  TAKEN,
  turn,
  twoGateways,
} from '../../test/fakes/two-gateways.js'
import { MINUTE, SECOND } from '../engine/units.js'
import type { OutcomeKind } from '../ledger/rows.js'
import { memoryLines } from '../lines/memory/memory.js'
import type { LineStore } from '../lines/port.js'
import { redisLines } from '../lines/redis/redis.js'
import type { Receipt } from '../send/port.js'

/** Sends of one number at once, on two gateways that share their stores, of which some are undone or fail. */

const TO = '+2348031234567'
const start = ({ gates }: Stage, gateway: number, to = TO) =>
  gates[gateway]?.start({ service: 'signup', to, code: CODE })
const asked = ({ waiting }: Stage, n: number) =>
  until(`${n} messages are with the provider`, () => waiting.length === n)

const twice = (lines: LineStore): LineStore[] => [lines, lines]

describe('a message whose session loses its first one is borne by its ranges', () => {
  it.each([0, 1_500, 5 * SECOND, MINUTE])(
    'two starts %i ms apart, of which the provider does not take the first',
    async (apart) => {
      const s = twoGateways(twice(memoryLines({ seed: 1 })))
      const first = start(s, 0)
      await asked(s, 1)
      s.wait(apart)
      const second = start(s, 1)
      await asked(s, 2)
      s.answer(0, NOT_TAKEN)
      expect(await first).toMatchObject({ ok: false })
      s.answer(0, TAKEN)
      expect(await second).toMatchObject({ ok: true })
      for (const owed of await s.owed(TO)) expect(owed).toBeCloseTo(1, 3)
    },
  )

  it('two resends at once, of which the first comes too late to be recorded', async () => {
    const s = twoGateways(twice(memoryLines({ seed: 1 })))
    const begun = start(s, 0)
    await asked(s, 1)
    s.answer(0, TAKEN)
    const sent = await begun
    if (sent?.ok !== true) throw new Error('not sent')
    const { id } = sent.value.verification
    // the session of the first message is over
    s.wait(11 * MINUTE)
    const both = [0, 1].map((gateway) => s.gates[gateway]?.resend(id, { code: CODE }))
    await asked(s, 1)
    s.answer(0, TAKEN)
    const results = await Promise.all(both)
    expect(results).toMatchObject([{ ok: false, error: { code: 'conflict' } }, { ok: true }])
    for (const owed of await s.owed(TO)) expect(owed).toBeCloseTo(2, 3)
  })

  it('and where no other message went out, all of it is given back', async () => {
    const s = twoGateways(twice(memoryLines({ seed: 1 })))
    for (let i = 0; i < 3; i++) {
      const begun = start(s, i % 2)
      await asked(s, 1)
      s.wait(3 * SECOND)
      s.answer(0, NOT_TAKEN)
      await begun
    }
    expect(await s.owed(TO)).toEqual([0, 0, 0])
  })
})

describe('a first message that fails', () => {
  /** A first message, and one that its session carries. */
  async function carried() {
    const s = twoGateways(twice(memoryLines({ seed: 1 })))
    for (const gateway of [0, 1]) {
      const begun = start(s, gateway)
      await asked(s, 1)
      s.answer(0, TAKEN)
      expect(await begun).toMatchObject({ ok: true })
      s.wait(5 * SECOND)
    }
    return s
  }
  const operatorOf = async (s: Stage) => (await s.owed(TO))[2]

  it.each([0, 15 * MINUTE])(
    'leaves its ranges to the one that it carried, %i ms later',
    async (later) => {
      const s = await carried()
      s.wait(later)
      await s.gates[0]?.tick()
      await s.receipt(0, 0, 'failed')
      for (const owed of await s.owed(TO)) expect(owed).toBeCloseTo(1, 1)
      s.wait(15 * MINUTE)
      await s.gates[0]?.tick()
      for (const owed of await s.owed(TO)) expect(owed).toBeCloseTo(1, 1)
    },
  )

  it('carries no other one from then on, also when it matured in an outage', async () => {
    for (const how of ['receipt', 'outage']) {
      const s = twoGateways(twice(memoryLines({ seed: 1 })))
      const begun = start(s, 0)
      await asked(s, 1)
      s.answer(0, TAKEN)
      await begun
      s.wait(3 * MINUTE)
      s.outage(how === 'outage')
      if (how === 'receipt') await s.receipt(0, 0, 'failed')
      else await s.gates[0]?.tick()
      expect(await operatorOf(s)).toBe(0)
      const again = start(s, 1)
      await asked(s, 1)
      s.answer(0, TAKEN)
      expect(await again).toMatchObject({ ok: true })
      expect(await operatorOf(s)).toBeCloseTo(1, 3)
    }
  })

  it('frees its operator in an outage, though people ask again', async () => {
    const s = await carried()
    s.outage(true)
    s.wait(3 * MINUTE)
    await s.gates[0]?.tick()
    expect(await operatorOf(s)).toBe(0)
  })
})

it.each([
  ['delivered', 'failed'],
  ['failed', 'delivered'],
  ['failed', 'failed', 'delivered', 'failed'],
  ['delivered', 'sent', 'delivered', 'failed'],
] as const)('delivered is final, in whatever order receipts come: %s, %s', async (...told) => {
  const s = twoGateways(twice(memoryLines({ seed: 1 })))
  const begun = start(s, 0)
  await asked(s, 1)
  s.answer(0, TAKEN)
  const sent = await begun
  if (sent?.ok !== true) throw new Error('not sent')
  const { id } = sent.value.verification
  for (const status of told) await s.receipt(0, 0, status)
  expect(await s.ledger.sends(id)).toMatchObject([{ status: 'delivered', error: null }])
  for (const { lost, reserved } of await s.standing(TO)) expect(lost + reserved).toBeCloseTo(1, 3)
  expect(await s.gates[0]?.check(id, CODE)).toMatchObject({ ok: true })
  for (const { earned, lost, reserved } of await s.standing(TO))
    expect([earned, lost, reserved]).toEqual([expect.closeTo(1, 3), expect.closeTo(0, 3), 0])
})

it('an application that tells of a failure after a delivery is told that it is final', async () => {
  const s = twoGateways(twice(memoryLines({ seed: 1 })))
  const decided = await s.gates[0]?.decide({ service: 'signup', to: TO })
  if (decided?.ok !== true) throw new Error('not decided')
  const { id } = decided.value
  const tell = async (kind: OutcomeKind) => (await s.gates[0]?.report([{ id, kind }]))?.[0]
  expect(await tell('failed')).toMatchObject({ accepted: true })
  expect(await tell('delivered')).toMatchObject({ accepted: true })
  expect(await tell('failed')).toMatchObject({
    accepted: false,
    reason: 'it was delivered, which is final',
  })
  expect(await tell('delivered')).toMatchObject({ accepted: true })
  expect(await s.credits(TO)).toMatchObject([{ credit: 'lost' }])
})

it('a code of the same session earns nothing again that a label took back', async () => {
  const s = twoGateways(twice(memoryLines({ seed: 1 })))
  const ids: string[] = []
  for (const gateway of [0, 1]) {
    const begun = start(s, gateway)
    await asked(s, 1)
    s.answer(0, TAKEN)
    const sent = await begun
    if (sent?.ok !== true) throw new Error('not sent')
    ids.push(sent.value.verification.id)
    if (gateway === 1) break
    await s.gates[0]?.check(ids[0] ?? '', CODE)
    await s.gates[0]?.report([{ id: ids[0] ?? '', kind: 'banned' }])
    s.wait(5 * SECOND)
  }
  expect(await s.gates[0]?.check(ids[1] ?? '', CODE)).toMatchObject({ ok: true })
  expect(await s.credits(TO)).toEqual([
    { credit: 'earned', opens: false },
    { credit: 'lost', opens: true },
  ])
})

type Step =
  | { what: 'start'; gateway: number; number: number; isTaken: boolean }
  | { what: 'resend'; gateway: number; verification: number; isTaken: boolean }
  | { what: 'answer'; message: number; as: Answer }
  | { what: 'receipt'; gateway: number; message: number; status: Receipt['status'] }
  | { what: 'check'; gateway: number; verification: number }
  | { what: 'report'; gateway: number; verification: number; kind: OutcomeKind }
  | { what: 'outage'; begins: boolean }
  | { what: 'tick'; gateway: number }
  | { what: 'wait'; ms: number }
const gateway = fc.nat(1)
const verification = fc.nat(5)
/** a provider takes it at once; else it answers later, or never */
const isTaken = fc.boolean()
const named = <const T extends string>(what: T) => fc.constant(what)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ what: named('start'), gateway, number: fc.nat(1), isTaken }),
  },
  { weight: 3, arbitrary: fc.record({ what: named('resend'), gateway, verification, isTaken }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: named('answer'),
      message: fc.nat(1),
      as: fc.constantFrom(TAKEN, TAKEN, NOT_TAKEN),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: named('receipt'),
      gateway,
      message: fc.nat(3),
      status: fc.constantFrom('failed', 'failed', 'delivered', 'sent'),
    }),
  },
  fc.record({ what: named('check'), gateway, verification }),
  fc.record({
    what: named('report'),
    gateway,
    verification,
    kind: fc.constantFrom('banned', 'chargeback', 'verified', 'failed', 'delivered'),
  }),
  fc.record({ what: named('outage'), begins: fc.boolean() }),
  { weight: 2, arbitrary: fc.record({ what: named('tick'), gateway }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: named('wait'),
      ms: fc.constantFrom(300, 1_000, 3_000, 7_000, 20_000, 150_000),
    }),
  },
)

const LABELS: ReadonlySet<OutcomeKind> = new Set(['banned', 'chargeback'])
const toOf = (n: number) => `+23480312${n}4567`
const NUMBERS = [toOf(0), toOf(1)]

/**
 * What is lost is on the lines: the country has every lost message and every session that earned, and none besides; a
 * number that lost one is borne by every range that it is in, also one that has verified before.
 * @param labelled numbers of which something that had verified was taken back: a carried message alone, for instance
 */
async function isBorne(s: Stage, labelled: ReadonlySet<string>, finally_: boolean): Promise<void> {
  const all = { lost: 0, earned: 0, numbers: 0 }
  for (const to of NUMBERS) {
    const sent = await s.credits(to)
    const count = (...states: string[]) =>
      sent.filter(({ credit }) => states.includes(credit)).length
    all.lost += count('lost')
    all.earned += sent.filter(({ credit, opens }) => opens && credit === 'earned').length
    const owed = count('lost', ...(finally_ ? [] : ['reserved']))
    const owes = owed > 0 && (count('earned') === 0 || !labelled.has(to))
    // what an outage has freed, it has freed of all that its session carried
    if (!owes || s.freed(to)) continue
    all.numbers++
    for (const { line, lost, reserved } of await s.standing(to))
      if (lost + reserved < 0.95)
        throw new Error(`${to} owes, and a ${line} of it ${lost + reserved}`)
  }
  for (const to of NUMBERS) {
    for (const { line, lost, earned, reserved } of await s.standing(to)) {
      if (line === 'operator' && lost + reserved < 0.95 * all.numbers)
        throw new Error(`${all.numbers} numbers owe, and their operator ${lost + reserved}`)
      if (!finally_) continue
      if (Math.abs(reserved) > 1e-3) throw new Error(`the ${line} has ${reserved} in flight`)
      if (line !== 'country') continue
      if (Math.abs(lost - all.lost) > 0.05 * all.lost + 1e-3)
        throw new Error(`${all.lost} messages are lost, and the country has ${lost}`)
      if (Math.abs(earned - all.earned) > 0.05 * all.earned + 1e-3)
        throw new Error(`${all.earned} sessions earned, and the country has ${earned}`)
    }
  }
}

/** Whatever is undone, fails, is told late or taken back, and in whatever order. */
async function borne(stores: readonly LineStore[], steps: readonly Step[]): Promise<void> {
  const s = twoGateways(stores)
  const under: Promise<unknown>[] = []
  const ids: string[] = []
  const labelled = new Set<string>()
  let waited = 0
  async function ask(call: ReturnType<typeof start>, isTaken: boolean): Promise<void> {
    const before = s.waiting.length
    let isAnswered = false
    under.push(
      Promise.resolve(call).then((result) => {
        isAnswered = true
        if (result?.ok) ids.push(result.value.verification.id)
      }),
    )
    while (isTaken && !isAnswered && s.waiting.length === before) await turn()
    if (isTaken) s.answer(before, TAKEN)
  }
  for (const one of steps) {
    const gate = 'gateway' in one ? s.gates[one.gateway] : undefined
    const id = 'verification' in one ? (ids[one.verification % Math.max(1, ids.length)] ?? '') : ''
    // within a session's length: each number has one of them
    if (one.what === 'wait' && waited + one.ms < 8 * MINUTE) {
      waited += one.ms
      s.wait(one.ms)
    } else if (one.what === 'start') await ask(start(s, one.gateway, toOf(one.number)), one.isTaken)
    else if (one.what === 'answer' && s.waiting.length > 0)
      s.answer(one.message % s.waiting.length, one.as)
    else if (one.what === 'receipt') await s.receipt(one.gateway, one.message, one.status)
    else if (one.what === 'outage') s.outage(one.begins)
    else if (one.what === 'tick') await gate?.tick()
    else if (id !== '') {
      if (one.what === 'resend') await ask(gate?.resend(id, { code: CODE }), one.isTaken)
      if (one.what === 'check') await gate?.check(id, CODE)
      if (one.what === 'report') {
        await gate?.report([{ id, kind: one.kind }])
        const of = await s.ledger.verification(id)
        if (of !== null && LABELS.has(one.kind)) labelled.add(of.to)
      }
    }
    await turn()
  }
  let ended = false
  const end = Promise.all(under).then(() => {
    ended = true
  })
  await until('every call has its answer', () => {
    while (s.waiting.length > 0) s.answer(0, NOT_TAKEN)
    return ended
  })
  await end
  await isBorne(s, labelled, false)
  // and when all of it has matured
  s.outage(false)
  s.wait(15 * MINUTE)
  await s.gates[0]?.tick()
  await isBorne(s, labelled, true)
}

it('whatever is undone, in whatever order: two gateways on one embedded store', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), (steps) =>
      borne(twice(memoryLines({ seed: 1 })), steps),
    ),
    { seed: 20_261_120, numRuns: 200 },
  )
}, 60_000)

describe.skipIf(skipped)(`on Redis${why}`, () => {
  let server: RedisProcess
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  it('whatever is undone, in whatever order: two gateways', async () => {
    let opened = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
        const prefix = `u${opened++}:`
        const open = () => redisLines({ url: server.url, prefix, commandMs: 20_000 })
        const stores = await Promise.all([open(), open()])
        try {
          await borne(stores, steps)
        } finally {
          await Promise.all(stores.map((store) => store.close()))
        }
      }),
      { seed: 20_261_121, numRuns: 120 },
    )
  }, 60_000)
})
