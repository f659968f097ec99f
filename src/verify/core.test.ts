import { expect, test } from 'vitest'
import { lineOf } from '../../test/conformance/lines-arrange.js'
import { DEFAULT_SERVICE } from '../engine/defaults.js'
import { queryOf } from '../engine/keys.js'
import type { Policy, ServicePolicy } from '../engine/policy.js'
import { DAY, HOUR, MINUTE } from '../engine/units.js'
import { memoryLines } from '../lines/memory/memory.js'
import type { LineStore } from '../lines/port.js'
import { createNetwork } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import { type Core, createCore, type Evaluation, type Settling } from './core.js'

const T0 = Date.UTC(2026, 10, 20, 12)
const PRICE = 100_000
const phone = createPhone()
const network = createNetwork()

const policyOf = (services: Record<string, Partial<ServicePolicy>>): Policy => ({
  version: 1,
  mode: 'enforce',
  spendCaps: [],
  services: Object.fromEntries(
    Object.entries(services).map(([name, part]) => [
      name,
      { ...DEFAULT_SERVICE, name, mode: 'enforce', markets: ['NG'], ...part },
    ]),
  ),
  fallback: null,
})

const coreOf = (policy: Policy, lines: LineStore): Core =>
  createCore({
    ...{ policy, policyVersion: 1, lines },
    facts: {
      parseNumber: phone.parse,
      sourceFacts: network.sourceFacts,
      priceOf: () => PRICE,
      numberKey: (e164) => e164,
    },
  })

function evaluate(core: Core, n = 0): Promise<Evaluation> {
  const service = core.policy.service('signup')
  if (service === null) throw new Error('no such service')
  return core.evaluate({ service: 'signup', to: `+234803123${4_000 + n}` }, service, T0)
}

function settlingOf({ facts, charge }: Evaluation): Settling {
  if (charge === null) throw new Error('not charged')
  const { country, operatorRange } = facts.number
  return { service: 'signup', country, operatorRange, charge, at: T0, maturesAt: T0 + 2 * MINUTE }
}

test('what a service has in flight is settled though a policy leaves it out for a while', async () => {
  const lines = memoryLines({ seed: 1 })
  const policy = policyOf({ signup: {} })
  const core = coreOf(policy, lines)
  const sent = await evaluate(core)
  const block = () =>
    lineOf(lines.gather(queryOf(sent.facts, sent.service, '+2348031234000'), T0), 'block')
  expect(block().reserved).toBe(PRICE)
  core.setPolicy(policyOf({ login: {} }), 2)
  await core.settle(settlingOf(sent), 'reserved', 'lost', T0 + 2 * MINUTE)
  core.setPolicy(policy, 3)
  expect(block()).toMatchObject({ reserved: 0, lostFast: PRICE })
})

test('also where no policy since the start has named it', async () => {
  const lines = memoryLines({ seed: 1 })
  const sent = await evaluate(coreOf(policyOf({ signup: {} }), lines))
  const core = coreOf(policyOf({ login: {} }), lines)
  await core.settle(settlingOf(sent), 'reserved', 'earned', T0 + MINUTE)
  const query = queryOf(sent.facts, sent.service, '+2348031234000')
  expect(lineOf(lines.gather(query, T0), 'block')).toMatchObject({
    reserved: 0,
    earnedFast: PRICE,
  })
})

test('what monitor mode sends though it was beaten to the headroom is a message with a price', async () => {
  const lines = { ...memoryLines({ seed: 1 }), charge: () => false }
  const { decision, charge } = await evaluate(
    coreOf(policyOf({ signup: { mode: 'monitor' } }), lines),
  )
  expect(decision).toMatchObject({ verdict: 'allow', would: 'challenge' })
  expect(charge).toMatchObject({ lines: [], unitMicroUsd: PRICE, opensSession: true })
  const enforced = await evaluate(coreOf(policyOf({ signup: {} }), lines))
  expect(enforced).toMatchObject({ decision: { verdict: 'challenge' }, charge: null })
})

test('the lines of two countries are read each by what is usual there', async () => {
  const core = coreOf(
    policyOf({ signup: { prior: { markets: 0.9, elsewhere: 0.4 } } }),
    memoryLines({ seed: 1 }),
  )
  const service = core.policy.service('signup')
  if (service === null) throw new Error('no such service')
  // both have verified once: what that pays for goes by the conversion of the country
  const limit = async (country: string, to: string) => {
    const { facts, charge } = await core.evaluate({ service: 'signup', to }, service, T0)
    if (charge === null) throw new Error('not charged')
    const { operatorRange } = facts.number
    const what = { service: 'signup', country, operatorRange, charge, at: T0, maturesAt: T0 }
    await core.settle(what, 'reserved', 'earned', T0)
    const path = { country, operatorRange: null, block: null, subBlock: null, priceMicroUsd: PRICE }
    const [line] = await core.rangeLines('signup', service, path, T0)
    return (line?.limit ?? 0) - (country === 'NG' ? 10e6 : 1.5e6)
  }
  const market = await limit('NG', '+2348031234000')
  expect(await limit('GH', '+233241234000')).toBeGreaterThan(2 * market)
})

test('a label takes back all that a code earned, however late the code was told of', async () => {
  const lines = memoryLines({ seed: 1 })
  const core = coreOf(policyOf({ signup: {} }), lines)
  const sent = await evaluate(core)
  const what = settlingOf(sent)
  const [verified, banned] = [T0 + DAY, T0 + DAY + HOUR]
  await core.settle(what, 'reserved', 'earned', verified)
  await core.settle({ ...what, settledBefore: verified }, 'earned', 'lost', banned)
  const query = queryOf(sent.facts, sent.service, '+2348031234000')
  const country = () => lineOf(lines.gather(query, banned), 'country')
  expect(country()).toMatchObject({ earnedFast: 0, earnedSlow: 0, lostSlow: PRICE })
  // and the same of a loss that is repaired
  await core.settle({ ...what, settledBefore: banned }, 'lost', 'earned', banned)
  expect(country()).toMatchObject({ lostFast: 0, lostSlow: 0, earnedSlow: PRICE })
})
