import { afterEach, describe, expect, it } from 'vitest'
import { enforce, subscriber } from '../../../test/e2e/stage.js'
import { recordedLedger } from '../../../test/fakes/recorded-ledger.js'
import type { ServicePolicy } from '../../engine/policy.js'
import { HOUR, MINUTE } from '../../engine/units.js'
import { BacktestBusy, createBacktest } from './backtest.js'
import type { BacktestResult } from './backtest-result.js'

type Recorded = Awaited<ReturnType<typeof recordedLedger>>
const open: Recorded[] = []
afterEach(async () => {
  for (const recorded of open.splice(0)) await recorded.close()
})
async function record(...args: Parameters<typeof recordedLedger>): Promise<Recorded> {
  const recorded = await recordedLedger(...args)
  open.push(recorded)
  return recorded
}

const PUMPED = '+2348035550'

/** Thirty people at home, four in Britain who pass a challenge for it, and a pump on one block. */
async function anHour(recorded: Recorded): Promise<{ from: number; to: number }> {
  const from = recorded.now()
  for (let n = 0; n < 30; n++)
    await recorded.person(subscriber(n * 173), { ip: `105.112.${n}.7`, deviceId: `d${n}` })
  for (let n = 0; n < 4; n++)
    await recorded.person(`+4474001234${10 + n * 3}`, { ip: `81.2.69.${n}`, deviceId: `b${n}` })
  await recorded.pump(PUMPED.slice(0, -1), 40)
  return { from, to: recorded.now() }
}
const policy = (service: Partial<ServicePolicy> = {}) =>
  enforce({ countries: { GB: 'challenge' }, ...service })

const replay = (recorded: Recorded, span: { from: number; to: number }, proposed = policy()) =>
  createBacktest(recorded.parts).run({ policy: proposed, ...span })

const byCountry = (result: BacktestResult, code: string) => {
  const found = result.byCountry.find(({ country }) => country === code)
  if (found === undefined) throw new Error(`${code} is not in the result`)
  return found
}

describe('a replay of the policy in force', () => {
  it.each(['clear', 'hashed'] as const)('changes nothing, numbers %s', async (numbers) => {
    const recorded = await record({ policy: policy(), numbers })
    const span = await anHour(recorded)
    const result = await replay(recorded, span)
    expect(result.proposed).toEqual(result.current)
    expect(result.changes).toEqual([])
    expect(result.changed).toEqual([])
    expect(result.rows).toBe(30 + 4 + 40)
    expect(result.sampled).toBe(1)
    // what it reckons is what happened
    expect(result.current.verified).toBe(34)
    expect(byCountry(result, 'GB').current).toMatchObject({
      requests: 4,
      challenged: 4,
      sent: 4,
      verified: 4,
      verifiedChallenged: 4,
    })
    const went = recorded.messages.length
    expect(result.current.sent).toBe(went)
    expect(result.current.unknownRefused).toBe(74 - went)
    expect(went).toBeLessThan(60)
    expect(result.current.wastedMicroUsd).toBeGreaterThan(0)
    expect(result.current.verifiedRefused).toBe(0)
  })
})

describe('a replay of another policy', () => {
  it('counts the people that a stricter one refuses, and what it saves', async () => {
    const recorded = await record({ policy: policy() })
    const span = await anHour(recorded)
    const result = await replay(recorded, span, policy({ countries: { GB: 'deny' } }))
    expect(byCountry(result, 'GB').proposed).toMatchObject({
      requests: 4,
      denied: 4,
      sent: 0,
      verified: 0,
      verifiedRefused: 4,
      spendMicroUsd: 0,
    })
    expect(byCountry(result, 'NG').proposed).toEqual(byCountry(result, 'NG').current)
    expect(result.changes).toEqual([{ before: 'challenge', after: 'deny', requests: 4, people: 4 }])
    expect(result.changed).toHaveLength(4)
    expect(result.changed[0]).toMatchObject({
      country: 'GB',
      before: 'challenge',
      after: 'deny',
      wasVerified: true,
      reason: 'country.denied',
    })
    const known = await recorded.ledger.request(result.changed[0]?.id ?? '')
    expect(known?.country).toBe('GB')
    expect(result.byReason.find(({ code }) => code === 'country.denied')).toMatchObject({
      current: 0,
      proposed: 4,
    })
  })

  it('takes what was never sent as waste when a looser one sends it', async () => {
    const recorded = await record({ policy: policy() })
    const span = await anHour(recorded)
    const allowing = policy()
    const signup = allowing.services.signup as ServicePolicy
    signup.lists = { allow: [`${PUMPED.slice(0, -1)}*`], deny: [] }
    const result = await replay(recorded, span, allowing)
    const { current, proposed } = byCountry(result, 'NG')
    expect(proposed.sent).toBe(30 + 40)
    expect(proposed.unknownRefused).toBe(0)
    const more = proposed.sent - current.sent
    expect(more).toBeGreaterThan(20)
    const each = proposed.spendMicroUsd / proposed.sent
    expect(proposed.wastedMicroUsd - current.wastedMicroUsd).toBeCloseTo(more * each)
    expect(proposed.verified).toBe(current.verified)
    expect(current.unknownRefused).toBeGreaterThan(20)
    expect(proposed.unknownRefused).toBe(0)
    expect(result.assumptions.join(' ')).toContain('taken as never verified')
  })

  it('knows whoever was refused and verified within the day for a person', async () => {
    const recorded = await record({ policy: policy({ countries: { GB: 'deny' } }) })
    const from = recorded.now()
    expect(await recorded.person('+447400123456')).toBe('deny')
    expect(await recorded.person('+447400123499')).toBe('deny')
    await recorded.advance(HOUR)
    const to = recorded.now()
    recorded.gate.setPolicy(policy(), 2)
    await recorded.person('+447400123456')
    const result = await createBacktest(recorded.parts).run({
      policy: policy(),
      against: policy({ countries: { GB: 'deny' } }),
      from,
      to,
    })
    expect(result.current).toMatchObject({ requests: 2, denied: 2, verifiedRefused: 1 })
    expect(result.current.unknownRefused).toBe(1)
    // the one who later verified solves the challenge; of the other nothing is known
    expect(result.proposed).toMatchObject({ challenged: 2, sent: 1, verified: 1 })
  })

  it('refuses services that it does not name', async () => {
    const recorded = await record({ policy: policy() })
    const from = recorded.now()
    await recorded.person(subscriber(1))
    const other = policy()
    other.services = { login: other.services.signup as ServicePolicy }
    const result = await replay(recorded, { from, to: recorded.now() }, other)
    expect(result.proposed).toMatchObject({ denied: 1, verifiedRefused: 1 })
    expect(result.changed[0]?.reason).toBe('service.unknown')
  })

  it('shows what monitor mode would refuse when it is replayed as if enforced', async () => {
    const monitor = policy({ mode: 'monitor' })
    const recorded = await record({ policy: monitor })
    const span = await anHour(recorded)
    const as = await createBacktest(recorded.parts).run({ policy: monitor, ...span })
    expect(as.current).toMatchObject({ denied: 0, sent: 74 })
    const enforcing = await createBacktest(recorded.parts).run({
      policy: monitor,
      ...span,
      enforce: true,
    })
    expect(enforcing.current.sent).toBeLessThan(60)
    // everything was sent: there is nothing that nobody knows
    expect(enforcing.current.unknownRefused).toBe(0)
    expect(enforcing.changes).toEqual([])
  })
})

describe('a replay', () => {
  it('counts its time only, and warms its lines with what came before', async () => {
    const recorded = await record({ policy: policy() })
    const before = await anHour(recorded)
    const from = recorded.now()
    await recorded.person(subscriber(9_000))
    const result = await replay(recorded, { from, to: recorded.now() })
    expect(result.rows).toBe(1)
    expect(result.assumptions.join(' ')).toContain('The day before is replayed first')
    const first = await replay(recorded, { ...before, to: before.from + 10 * MINUTE })
    expect(first.rows).toBeLessThan(40)
    expect(first.assumptions.join(' ')).toContain('empty lines')
  })

  it('takes whole blocks when there is more than it may replay', async () => {
    const recorded = await record({ policy: policy() })
    const span = await anHour(recorded)
    const result = await createBacktest(recorded.parts).run({
      policy: policy(),
      ...span,
      maxRows: 40,
    })
    expect(result.sampled).toBeLessThan(1)
    expect(result.rows).toBeLessThan(74)
    // the pump's forty requests are in it, or none of them
    const all = await replay(recorded, span)
    const { unknownRefused } = result.current
    expect([0, all.current.unknownRefused]).toContain(unknownRefused)
    expect(result.assumptions.join(' ')).toContain('of the number blocks')
  })

  it('runs one at a time, and can be cancelled', async () => {
    const recorded = await record({ policy: policy() })
    const span = await anHour(recorded)
    const backtest = createBacktest(recorded.parts)
    const controller = new AbortController()
    const first = backtest.run({ policy: policy(), ...span, signal: controller.signal })
    await expect(backtest.run({ policy: policy(), ...span })).rejects.toThrow(BacktestBusy)
    controller.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    const seen: number[] = []
    await backtest.run({ policy: policy(), ...span, onProgress: ({ rows }) => seen.push(rows) })
    expect(seen.length).toBeGreaterThan(0)
  })

  it('is empty where nothing was recorded', async () => {
    const recorded = await record()
    const result = await replay(recorded, { from: recorded.now() - HOUR, to: recorded.now() })
    expect(result.rows).toBe(0)
    expect(result.byCountry).toEqual([])
  })
})
