import { describe, expect, test } from 'vitest'
import { DEFAULT_SERVICE, http, type LocalGate } from '../../src/index.js'
import { startEndpoint } from '../fakes/http-endpoint.js'
import {
  codeIn,
  enforce,
  errorOf,
  MINUTE,
  request,
  type Stage,
  stages,
  subscriber,
  T0,
  value,
} from './stage.js'

const newStage = stages()

/** How full the binding line of a number is; asking leaves no trace. */
const utilisation = async (gate: LocalGate, to = subscriber(0)): Promise<number> =>
  value(await gate.assess({ service: 'signup', to })).utilisation

const timelineOf = async (gate: LocalGate, id: string) =>
  value(await gate.get(id)).timeline.map(({ event }) => event)

describe('a provider that fails', () => {
  test.each([
    [400, 'provider_refused'],
    [503, 'provider_unavailable'],
  ])('with %i gives the charge back: %s', async (status, error) => {
    const cap = { scope: 'service', period: 'day', limitMicroUsd: 120_000 } as const
    const { gate, endpoint, messages } = await newStage({ policy: enforce({ spendCaps: [cap] }) })
    const before = await utilisation(gate)
    endpoint.answers({ status })
    expect(errorOf(await gate.start(request()))).toBe(error)
    expect(await utilisation(gate)).toBe(before)
    expect(messages()).toHaveLength(1)
    // room for one message only: what was not sent has not used it
    endpoint.answers({ status: 200, body: {} })
    expect(value(await gate.start(request())).verification.status).toBe('sent')
    expect(value(await gate.start(request(77))).verification.status).toBe('denied')
  })

  test('a failed resend leaves the code that is out, and its place for another try', async () => {
    const { gate, endpoint, code } = await newStage()
    const { id } = value(await gate.start(request())).verification
    const first = code()
    endpoint.answers({ status: 503 })
    expect(errorOf(await gate.resend(id))).toBe('provider_unavailable')
    expect(value(await gate.get(id))).toMatchObject({ status: 'sent', sends: 1 })
    expect(value(await gate.check(id, first)).status).toBe('verified')
  })

  test('resends that fail push out no code that is out, and theirs are none', async () => {
    const { gate, endpoint, code } = await newStage({ policy: enforce({ rateLimits: [] }) })
    const { id } = value(await gate.start(request())).verification
    const first = code()
    endpoint.answers({ status: 400 })
    for (let again = 0; again < 3; again++) {
      expect(errorOf(await gate.resend(id))).toBe('provider_refused')
      if (code() !== first) expect(value(await gate.check(id, code())).status).toBe('wrong_code')
    }
    expect(value(await gate.check(id, first)).status).toBe('verified')
  })

  test('to answer in time keeps the charge and the code: the message may be on its way', async () => {
    const silent = await startEndpoint()
    silent.answers(() => undefined)
    const send = http({ name: 'silent', url: silent.url, allowPrivate: true, timeoutMs: 100 })
    const { gate } = await newStage({ send })
    const before = await utilisation(gate)
    const { id, status } = value(await gate.start(request())).verification
    expect(status).toBe('sent')
    expect(await utilisation(gate)).toBeGreaterThan(before)
    expect(await timelineOf(gate, id)).toContain('message unknown')
    const code = codeIn(JSON.parse(silent.last().body).body)
    expect(value(await gate.check(id, code)).status).toBe('verified')
    await silent.close()
  })
})

describe('receipts', () => {
  /** Sends to a number of the block and lets the provider's receipt say what became of it. */
  async function sentAndReceipt(stage: Stage, n: number, status: 'failed' | 'delivered') {
    stage.endpoint.answers({ status: 200, body: { id: `message-${n}` } })
    const { id } = value(await stage.gate.start(request(n))).verification
    const error = status === 'failed' ? ('absent' as const) : null
    const receipt = {
      providerId: `message-${n}`,
      status,
      error,
      providerCode: null,
      at: stage.now(),
    }
    expect(await stage.gate.receive('own', [receipt])).toBe(1)
    expect(await stage.gate.receive('own', [{ ...receipt, providerId: 'unheard' }])).toBe(0)
    return id
  }

  test('that say failed count against the range and not against operator and country', async () => {
    const stage = await newStage()
    const { gate } = stage
    const elsewhere = subscriber(20_000) // another block of the same operator
    const fresh = await utilisation(gate, elsewhere)
    for (const n of [1, 2]) await sentAndReceipt(stage, n, 'failed')
    const range = value(await gate.assess({ service: 'signup', to: subscriber(3) }))
    expect(range.would).toBe('challenge')
    expect(range.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['block.credit_exhausted', 'sub_block.credit_exhausted']),
    )
    expect(await utilisation(gate, elsewhere)).toBe(fresh)
  })

  test('told twice count once; delivered frees nothing; a code entered after all repairs', async () => {
    const stage = await newStage()
    const { gate } = stage
    const id = await sentAndReceipt(stage, 1, 'failed')
    const once = await utilisation(gate, subscriber(2))
    const receipt = {
      providerId: 'message-1',
      status: 'failed',
      error: 'absent',
      providerCode: null,
      at: T0,
    } as const
    await gate.receive('own', [receipt, receipt])
    expect(await utilisation(gate, subscriber(2))).toBe(once)
    expect(value(await gate.check(id, stage.code())).status).toBe('verified')
    expect(await utilisation(gate, subscriber(2))).toBeLessThan(once)
    expect(await timelineOf(gate, id)).toEqual(expect.arrayContaining(['failed', 'verified']))

    const before = await utilisation(gate, subscriber(20_002))
    await sentAndReceipt(stage, 20_001, 'delivered')
    expect(await utilisation(gate, subscriber(20_002))).toBeGreaterThan(before)
  })
})

describe('maturity', () => {
  test('an unverified send counts as lost; verified later it is repaired', async () => {
    const { gate, advance, code } = await newStage()
    const fresh = await utilisation(gate)
    const { id } = value(await gate.start(request())).verification
    advance(2 * MINUTE - 1)
    expect(await gate.tick()).toBe(0)
    advance(1)
    expect(await gate.tick()).toBe(1)
    expect(await gate.tick()).toBe(0)
    expect(await timelineOf(gate, id)).toContain('lost')
    const lost = await utilisation(gate)
    expect(lost).toBeGreaterThan(fresh)
    expect(value(await gate.check(id, code())).status).toBe('verified')
    // not only as if nothing had been sent: what was verified has earned
    expect(await utilisation(gate)).toBeLessThan(fresh)
  })

  test('comes also when the process was not there for it, at the time it was due', async () => {
    const stage = await newStage()
    const { id } = value(await stage.gate.start(request())).verification
    const verified = value(await stage.gate.start(request(20_000))).verification
    value(await stage.gate.check(verified.id, stage.code()))
    await stage.gate.close()
    stage.advance(30 * MINUTE)
    const gate = await stage.restart()
    expect(await gate.tick()).toBe(1)
    const lost = value(await gate.get(id)).timeline.find(({ event }) => event === 'lost')
    expect(lost?.at).toBe(T0 + 2 * MINUTE)
    expect(value(await gate.get(id)).status).toBe('expired')
    expect(value(await gate.get(verified.id)).status).toBe('verified')
  })

  test('a restart hands nobody fresh credit', async () => {
    const stage = await newStage()
    for (const n of [0, 1]) value(await stage.gate.start(request(n)))
    const before = await utilisation(stage.gate, subscriber(2))
    expect(before).toBeGreaterThan(1)
    const gate = await stage.restart()
    expect(await utilisation(gate, subscriber(2))).toBeCloseTo(before, 6)
    expect(value(await gate.start(request(2))).verification.status).toBe('challenge_required')
  })
})

test('monitor mode sends everything that can be sent, and records what it would have done', async () => {
  const monitor = enforce()
  const { signup } = monitor.services
  if (signup) signup.mode = 'monitor'
  const { gate, messages } = await newStage({ policy: monitor })
  const decisions = []
  for (let n = 0; n < 8; n++) decisions.push(value(await gate.start(request(n))).decision)
  expect(messages()).toHaveLength(8)
  expect(new Set(decisions.map(({ verdict }) => verdict))).toEqual(new Set(['allow']))
  expect(decisions.slice(0, 2).map(({ would }) => would)).toEqual(['allow', 'allow'])
  expect(decisions.at(-1)?.would).not.toBe('allow')
  expect(decisions.at(-1)?.reasons.map(({ code }) => code)).toContain('block.credit_exhausted')
  // a number no message can go to is refused in monitor too
  const { verification } = value(await gate.start({ ...request(), to: '+870772001234' }))
  expect(verification.status).toBe('denied')
  expect(messages()).toHaveLength(8)
})

test("a stranger who asks for a victim's number again and again does not lock its owner out", async () => {
  const { gate, code, messages, advance } = await newStage()
  const owner = { ...request(), deviceId: 'phone of the owner', accountId: 'owner' }
  const first = value(await gate.start(owner)).verification
  value(await gate.check(first.id, code()))
  for (let day = 0; day < 2; day++) {
    for (let n = 0; n < 30; n++) {
      const stranger = { ...owner, deviceId: `device-${day}-${n}`, accountId: `account-${n}` }
      await gate.start({ ...stranger, ip: `185.220.${day}.${n}` })
    }
    advance(10 * MINUTE)
    await gate.tick()
  }
  // what the stranger got for it is bounded, too
  const wasted = messages().length - 1
  expect(wasted).toBeLessThanOrEqual(12)
  const again = value(await gate.start(owner))
  expect(again.decision).toMatchObject({ verdict: 'allow', knownGood: true })
  expect(messages()).toHaveLength(2 + wasted)
  expect(value(await gate.check(again.verification.id, code())).status).toBe('verified')
})

describe('later labels', () => {
  test('where lines earn on activation, a code only repays; a ban takes back what was earned', async () => {
    const { earning } = DEFAULT_SERVICE
    const policy = enforce({ earning: { ...earning, onActivation: true } })
    const { gate, code } = await newStage({ policy })
    const fresh = await utilisation(gate, subscriber(2))
    const { id } = value(await gate.start(request())).verification
    value(await gate.check(id, code()))
    expect(await utilisation(gate, subscriber(2))).toBeCloseTo(fresh, 6)
    expect(await gate.report([{ id, kind: 'activated' }])).toEqual([
      { id, accepted: true, reason: null },
    ])
    const activated = await utilisation(gate, subscriber(2))
    expect(activated).toBeLessThan(fresh)
    expect(await gate.report([{ id, kind: 'activated' }])).toMatchObject([{ accepted: false }])
    expect(await gate.report([{ id, kind: 'banned' }])).toMatchObject([{ accepted: true }])
    expect(await utilisation(gate, subscriber(2))).toBeGreaterThan(fresh)
  })

  test.each(['banned', 'chargeback'] as const)(
    '%s stands, though the code is told of again',
    async (label) => {
      const { gate, code } = await newStage()
      const { id } = value(await gate.start(request())).verification
      value(await gate.check(id, code()))
      const verified = await utilisation(gate, subscriber(2))
      expect(await gate.report([{ id, kind: label }])).toMatchObject([{ accepted: true }])
      const after = await utilisation(gate, subscriber(2))
      expect(after).toBeGreaterThan(verified)
      expect(await gate.report([{ id, kind: 'verified' }])).toEqual([
        { id, accepted: false, reason: `what it earned is taken back: ${label}` },
      ])
      expect(await utilisation(gate, subscriber(2))).toBeCloseTo(after, 6)
    },
  )

  test('a loss is no label: a code that comes late is told of and earns', async () => {
    const { gate, advance } = await newStage()
    const { id } = value(await gate.start(request())).verification
    advance(30 * MINUTE)
    await gate.tick()
    expect(await gate.report([{ id, kind: 'verified' }])).toMatchObject([{ accepted: true }])
  })
})
