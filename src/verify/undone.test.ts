import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type RedisProcess,
  skipped,
  startRedis,
  until,
  why,
} from '../../test/fakes/redis-server.js'
import { createPow } from '../challenge/pow.js'
import { LINES } from '../engine/policy.js'
import { LINE_WIDTH } from '../engine/state.js'
import { MINUTE, SECOND } from '../engine/units.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import { memoryLines } from '../lines/memory/memory.js'
import type { LineStore } from '../lines/port.js'
import { redisLines } from '../lines/redis/redis.js'
import { createNetwork } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import { loadPolicy } from '../policy/load.js'
import type { Sender } from '../send/port.js'
import { createCore } from './core.js'
import { createGate } from './gate.js'
import { RANGE_LINES, rangeQuery } from './range-lines.js'

/** Sends of one number at once, on two gateways that share their stores, of which some are undone. */

const T0 = Date.UTC(2026, 10, 20, 12, 20)
const PRICE = 10_000
const CODE = '123456'
const phone = createPhone()
const network = createNetwork()
const loaded = loadPolicy(
  'version: 1\nmode: enforce\nservices:\n  signup:\n    code: { sends: 10, expires: 30m }\n',
)
if (!loaded.ok) throw new Error('the policy of this test')
const { policy } = loaded

type Answer = Awaited<ReturnType<Sender['send']>>
const TAKEN: Answer = {
  ...{ ok: true, provider: 'test', providerId: 'm', priceMicroUsd: null, attempts: 1 },
}
const NOT_TAKEN: Answer = {
  ...{ ok: false, error: 'unavailable', detail: 'down', retryElsewhere: true },
  ...{ mayHaveBeenSent: false, provider: 'test', attempts: 1 },
}

/** Gateways of a cluster, and their provider, which answers when it is told to. */
function stage(stores: readonly LineStore[]) {
  let now = T0
  const clock = () => now
  const ledger = memoryLedger({ clock })
  /** messages that the provider has not answered, in their order */
  const waiting: { to: string; answer: (as: Answer) => void }[] = []
  const taken: string[] = []
  const sender = {
    send: ({ to }: { to: string }) => new Promise<Answer>((answer) => waiting.push({ to, answer })),
  } as unknown as Sender
  /** the first gateway is further away: what it has decided first is recorded last */
  const far: typeof ledger = {
    ...ledger,
    async updateVerification(...change) {
      for (let i = 0; i < 5; i++) await turn()
      return ledger.updateVerification(...change)
    },
  }
  const gates = stores.map((lines, i) => {
    const core = createCore({
      ...{ policy, policyVersion: 1, lines, learns: 'log' as const },
      facts: {
        parseNumber: phone.parse,
        sourceFacts: network.sourceFacts,
        priceOf: () => PRICE,
        numberKey: (e164) => e164,
      },
    })
    return createGate({
      ...{
        core,
        ledger: i === 0 ? far : ledger,
        sender,
        clock,
        shared: true,
        codeSecret: Buffer.alloc(32, 1),
      },
      challenger: createPow({ secret: Buffer.alloc(32, 2), random: randomBytes }),
    })
  })
  return {
    ledger,
    waiting,
    taken,
    gates,
    wait: (ms: number) => {
      now += ms
    },
    answer(i: number, as: Answer) {
      const [message] = waiting.splice(i, 1)
      if (message === undefined) return
      if (as.ok) taken.push(message.to)
      message.answer(as)
    },
    /** what sub-block, block, operator and country of a number owe, on their slow scale, and have in flight, in messages */
    async standing(to: string): Promise<{ line: string; lost: number; reserved: number }[]> {
      const { country, operatorRange, block, subBlock } = phone.parse(to)
      const service = gates[0]?.policy.service('signup')
      if (service == null) throw new Error('the policy of this test')
      const path = { country, operatorRange, block, subBlock, priceMicroUsd: PRICE }
      const { lines } = (await stores[0]?.gather(rangeQuery('signup', service, path), now)) ?? {
        lines: new Float64Array(0),
      }
      return RANGE_LINES.map((line) => {
        const at = LINES.indexOf(line) * LINE_WIDTH
        return { line, lost: (lines[at + 3] ?? 0) / PRICE, reserved: (lines[at + 4] ?? 0) / PRICE }
      })
    },
    /** what the ranges that carry a session owe, lost or in flight */
    async owed(to: string): Promise<number[]> {
      const ranges = (await this.standing(to)).filter(({ line }) => line !== 'country')
      return ranges.map(({ lost, reserved }) => lost + reserved)
    },
  }
}
type Stage = ReturnType<typeof stage>

const TO = '+2348031234567'
const start = ({ gates }: Stage, gateway: number, to = TO) =>
  gates[gateway]?.start({ service: 'signup', to, code: CODE })
const turn = () => new Promise((resolve) => setImmediate(resolve))
const asked = ({ waiting }: Stage, n: number) =>
  until(`${n} messages are with the provider`, () => waiting.length === n)

const twice = (lines: LineStore): LineStore[] => [lines, lines]

describe('a message whose session loses its first one is borne by its ranges', () => {
  it.each([0, 1_500, 5 * SECOND, MINUTE])(
    'two starts %i ms apart, of which the provider does not take the first',
    async (apart) => {
      const s = stage(twice(memoryLines({ seed: 1 })))
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
    const s = stage(twice(memoryLines({ seed: 1 })))
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
    const s = stage(twice(memoryLines({ seed: 1 })))
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

type Step =
  | { what: 'start'; gateway: number; number: number }
  | { what: 'resend'; gateway: number; verification: number }
  | { what: 'answer'; message: number; as: Answer }
  | { what: 'wait'; ms: number }
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ what: fc.constant('start' as const), gateway: fc.nat(1), number: fc.nat(1) }),
  fc.record({ what: fc.constant('resend' as const), gateway: fc.nat(1), verification: fc.nat(5) }),
  fc.record({
    what: fc.constant('answer' as const),
    message: fc.nat(1),
    as: fc.constantFrom(TAKEN, NOT_TAKEN),
  }),
  fc.record({
    what: fc.constant('wait' as const),
    ms: fc.constantFrom(300, 1_000, 2_000, 7_000, 20_000),
  }),
)

/** Whatever is undone and when: a number that got messages is borne by every range that it is in. */
async function borne(stores: readonly LineStore[], steps: readonly Step[]): Promise<void> {
  const s = stage(stores)
  const toOf = (n: number) => `+23480312${n}4567`
  const under: Promise<unknown>[] = []
  const ids: string[] = []
  let waited = 0
  const note = (result: Awaited<ReturnType<typeof start>>) => {
    if (result?.ok) ids.push(result.value.verification.id)
  }
  for (const { ...one } of steps) {
    // within a session's length: each number has one of them
    if (one.what === 'wait' && waited + one.ms < 8 * MINUTE) {
      waited += one.ms
      s.wait(one.ms)
    } else if (one.what === 'start')
      under.push(Promise.resolve(start(s, one.gateway, toOf(one.number))).then(note))
    else if (one.what === 'resend') {
      const id = ids[one.verification % Math.max(1, ids.length)]
      if (id !== undefined)
        under.push(Promise.resolve(s.gates[one.gateway]?.resend(id, { code: CODE })).then(note))
    } else if (one.what === 'answer' && s.waiting.length > 0)
      s.answer(one.message % s.waiting.length, one.as)
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
  const numbers = [...new Set(s.taken)]
  for (const to of numbers)
    for (const owed of await s.owed(to))
      if (owed < 0.98) throw new Error(`${to} got a message, and a range of it owes ${owed}`)
  // and when all of it has matured nothing is in flight, and the country has lost every message and none besides
  s.wait(15 * MINUTE)
  await s.gates[0]?.tick()
  for (const to of [toOf(0), toOf(1)]) {
    for (const { line, lost, reserved } of await s.standing(to)) {
      if (Math.abs(reserved) > 1e-3) throw new Error(`the ${line} has ${reserved} in flight`)
      if (line !== 'country' && numbers.includes(to) && lost < 0.95)
        throw new Error(`${to} got a message, and its ${line} lost ${lost}`)
      if (line === 'country' && Math.abs(lost - s.taken.length) > 0.05 * s.taken.length + 1e-3)
        throw new Error(`${s.taken.length} messages went out, and the country lost ${lost}`)
    }
  }
}

it('whatever is undone, in whatever order: two gateways on one embedded store', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), (steps) =>
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
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
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
