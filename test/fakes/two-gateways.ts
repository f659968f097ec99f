import { randomBytes } from 'node:crypto'
import { createPow } from '../../src/challenge/pow.js'
import { LINES } from '../../src/engine/policy.js'
import { LINE_WIDTH } from '../../src/engine/state.js'
import { memoryLedger } from '../../src/ledger/memory/memory.js'
import type { Credit } from '../../src/ledger/rows.js'
import type { LineStore } from '../../src/lines/port.js'
import { createNetwork } from '../../src/network/source.js'
import { createPhone } from '../../src/phone/parse.js'
import { loadPolicy } from '../../src/policy/load.js'
import type { Receipt, Sender } from '../../src/send/port.js'
import { createCore } from '../../src/verify/core.js'
import { createGate } from '../../src/verify/gate.js'
import { RANGE_LINES, rangeQuery } from '../../src/verify/range-lines.js'

const T0 = Date.UTC(2026, 10, 20, 12, 20)
export const PRICE = 10_000
export const CODE = '123456'
const phone = createPhone()
const network = createNetwork()
const loaded = loadPolicy(
  'version: 1\nmode: enforce\nservices:\n  signup:\n    code: { sends: 10, expires: 30m }\n',
)
if (!loaded.ok) throw new Error('the policy of this test')
const { policy } = loaded

export type Answer = Awaited<ReturnType<Sender['send']>>
export const TAKEN: Answer = {
  ...{ ok: true, provider: 'test', providerId: 'm', priceMicroUsd: null, attempts: 1 },
}
export const NOT_TAKEN: Answer = {
  ...{ ok: false, error: 'unavailable', detail: 'down', retryElsewhere: true },
  ...{ mayHaveBeenSent: false, provider: 'test', attempts: 1 },
}

/** What a line has of the messages of its numbers, on its slow scale, in messages. */
export interface Standing {
  line: (typeof RANGE_LINES)[number]
  earned: number
  lost: number
  reserved: number
}

export const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Gateways of a cluster, and their provider, which answers when it is told to. */
export function twoGateways(stores: readonly LineStore[]) {
  let now = T0
  const clock = () => now
  const ledger = memoryLedger({ clock })
  /** messages that the provider has not answered, in their order */
  const waiting: { to: string; answer: (as: Answer) => void }[] = []
  const taken: { to: string; id: string }[] = []
  /** routes are out: what matures says nothing */
  let isOut = false
  const freed = new Set<string>()
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
    const made = createCore({
      ...{ policy, policyVersion: 1, lines, learns: 'log' as const },
      facts: {
        parseNumber: phone.parse,
        sourceFacts: network.sourceFacts,
        priceOf: () => PRICE,
        numberKey: (e164) => e164,
      },
    })
    const core: typeof made = {
      ...made,
      maturesAs({ charge }) {
        if (isOut) freed.add(charge.numberKey)
        return isOut ? 'failed' : 'lost'
      },
    }
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
    outage: (begins: boolean) => {
      isOut = begins
    },
    answer(i: number, as: Answer) {
      const [message] = waiting.splice(i, 1)
      if (message === undefined) return
      const id = `m${taken.length}`
      if (as.ok) taken.push({ to: message.to, id })
      message.answer(as.ok ? { ...as, providerId: id } : as)
    },
    /** a message to this number has matured in an outage */
    freed: (to: string): boolean => freed.has(to),
    receipt(gateway: number, of: number, status: Receipt['status']) {
      const message = taken[of]
      if (message === undefined) return
      const error = status === 'failed' ? ('absent' as const) : null
      const receipt = { providerId: message.id, status, error, providerCode: null, at: now }
      return gates[gateway]?.receive('test', [receipt])
    },
    /** what became of each message to a number; the first of a session opens it */
    async credits(to: string): Promise<{ credit: Credit; opens: boolean }[]> {
      const rows = await ledger.requests({ number: to, limit: 100 })
      return rows.flatMap(({ credit, charge }) =>
        charge === null ? [] : [{ credit, opens: charge.opensSession }],
      )
    },
    /** how sub-block, block, operator and country of a number stand */
    async standing(to: string): Promise<Standing[]> {
      const { country, operatorRange, block, subBlock } = phone.parse(to)
      const service = gates[0]?.policy.service('signup')
      if (service == null) throw new Error('the policy of this test')
      const path = { country, operatorRange, block, subBlock, priceMicroUsd: PRICE }
      const state = await stores[0]?.gather(rangeQuery('signup', service, path), now)
      return RANGE_LINES.map((line) => {
        const at = LINES.indexOf(line) * LINE_WIDTH
        const of = (field: number): number => (state?.lines[at + field] ?? 0) / PRICE
        return { line, earned: of(2), lost: of(3), reserved: of(4) }
      })
    },
    /** what the ranges that carry a session owe, lost or in flight */
    async owed(to: string): Promise<number[]> {
      const ranges = (await this.standing(to)).filter(({ line }) => line !== 'country')
      return ranges.map(({ lost, reserved }) => lost + reserved)
    },
  }
}
export type Stage = ReturnType<typeof twoGateways>
