import { expect, it } from 'vitest'
import type { Mode } from '../engine/decision.js'
import type { Policy } from '../engine/policy.js'
import { SECOND } from '../engine/units.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import type { Ledger } from '../ledger/port.js'
import { memoryLines } from '../lines/memory/memory.js'
import { loadPolicy } from '../policy/load.js'
import type { Sender } from '../send/port.js'
import { type Composed, compose } from './compose.js'
import { createCore, type FactSources } from './core.js'
import { createFollower } from './follow.js'

const T0 = Date.UTC(2026, 10, 2, 12)
const CHEAP = 10_000

function policyOf(mode: Mode): Policy {
  const loaded = loadPolicy(
    `version: 1\nmode: ${mode}\nservices:\n  signup:\n    markets: [NG, GH, KE]\n`,
  )
  if (!loaded.ok) throw new Error('the policy of this test')
  return loaded.policy
}

const sender = {
  send: async () => ({ ok: true, provider: 'test', providerId: 'm', priceMicroUsd: null }),
} as unknown as Sender

const follows = (ledger: Ledger, policy: Policy) => {
  const core = createCore({
    ...{ policy, policyVersion: 1, lines: memoryLines(), learns: 'log' },
    facts: {} as FactSources,
  })
  return { core, follower: createFollower({ core, ledger, from: { requests: 0, outcomes: 0 } }) }
}

/** People of one operator who verify, and then a pump on three blocks of another. */
async function traffic({ gate }: Composed, step: (ms: number) => Promise<void>): Promise<void> {
  const start = async (to: string) => {
    const begun = await gate.start({
      ...{ service: 'signup', to, priceMicroUsd: CHEAP, code: '123456', ip: '105.112.3.4' },
    })
    if (!begun.ok) throw new Error(begun.error.message)
    return begun.value.verification
  }
  for (let i = 0; i < 60; i++) {
    const { id, status } = await start(`+234803${100 + 7 * i}${1000 + 31 * i}`)
    await step(5 * SECOND)
    if (status === 'sent' && i % 4 !== 3) await gate.check(id, '123456')
  }
  for (let i = 0; i < 30; i++) {
    for (const block of [805_100, 805_101, 805_102]) {
      const { id, status } = await start(`+234${block}${1000 + 97 * i}`)
      await step(2 * SECOND)
      if (status === 'sent') await gate.resend(id, { code: '123456' })
    }
  }
  for (let i = 0; i < 60; i++) await step(5 * SECOND)
}

it.each(['enforce', 'monitor'] as const)(
  'a gateway that follows the log has learned what the one that decided has: %s',
  async (mode) => {
    let now = T0
    const policy = policyOf(mode)
    const ledger = memoryLedger({ clock: () => now })
    const own = await compose({ policy, sender, ledger, clock: () => now, upkeep: false })
    const charge = own.lines.charge.bind(own.lines)
    let asked = 0
    // one in twelve finds twice that somebody else was faster
    own.lines.charge = (query, demand, at) =>
      asked++ % 12 >= 10 ? false : charge(query, demand, at)
    const { core, follower } = follows(ledger, policy)
    await traffic(own, async (ms) => {
      await follower.follow()
      core.pass(now)
      await own.gate.tick()
      now += ms
    })
    await follower.follow()

    expect(core.knowledge.snapshot()).toEqual(own.core.knowledge.snapshot())
    const rangesOf = ({ detector }: typeof core) =>
      detector.incidents().map(({ ranges }) => ranges.map(({ key }) => key).sort())
    expect(rangesOf(core)).toEqual(rangesOf(own.core))
    expect(rangesOf(core).flat().join()).toContain('+234805100')
    const moneyOf = ({ detector }: typeof core) =>
      detector.incidents().map(({ lostMicroUsd, savedMicroUsd }) => [lostMicroUsd, savedMicroUsd])
    expect(moneyOf(core)).toEqual(moneyOf(own.core))
    const held = ({ detector }: typeof core) =>
      detector
        .quarantines()
        .map(({ key }) => key)
        .sort()
    expect(held(core)).toEqual(held(own.core))

    // one that comes later, from the log alone, knows of the incident too: its passes are made up for
    const late = follows(ledger, policy)
    const rows = await late.follower.catchUp()
    expect(rows).toBeGreaterThan(200)
    expect(rangesOf(late.core).flat().join()).toContain('+234805100')
    expect(late.follower.position()).toEqual(await ledger.position())
    expect(await late.follower.follow()).toBe(0)
    await own.close()
  },
)

it('what a service has in flight when the policy leaves it out is learned as it settles', async () => {
  let now = T0
  const policy = policyOf('enforce')
  const ledger = memoryLedger({ clock: () => now })
  const own = await compose({ policy, sender, ledger, clock: () => now, upkeep: false })
  const [keeping, leaving] = [follows(ledger, policy), follows(ledger, policy)]
  const followed = () => Promise.all([keeping.follower.follow(), leaving.follower.follow()])
  for (let i = 0; i < 40; i++) {
    const to = `+234803${100 + 7 * i}${1000 + 31 * i}`
    await own.gate.start({ service: 'signup', to, priceMicroUsd: CHEAP, code: '123456' })
  }
  await followed()
  const { signup } = policy.services
  if (signup === undefined) throw new Error('the policy of this test')
  leaving.core.setPolicy({ ...policy, services: { login: { ...signup, name: 'login' } } }, 2)
  const before = leaving.core.knowledge.snapshot()
  for (let i = 0; i < 60; i++) {
    now += 5 * SECOND
    await own.gate.tick()
  }
  await followed()
  expect(leaving.core.knowledge.snapshot()).not.toEqual(before)
  expect(leaving.core.knowledge.snapshot()).toEqual(keeping.core.knowledge.snapshot())
  await own.close()
})

it('where numbers are kept as hashes, what is refused in a named sub-block is saved', async () => {
  let now = T0
  const policy = policyOf('enforce')
  const ledger = memoryLedger({ clock: () => now, numbers: { hashedWith: Buffer.alloc(32, 7) } })
  const own = await compose({
    ...{ policy, sender, ledger, clock: () => now, upkeep: false },
    ...{ numbers: 'hashed', secret: Buffer.alloc(32, 8) },
  })
  const { core, follower } = follows(ledger, policy)
  for (let i = 0; i < 400; i++) {
    // two of three are people elsewhere, who verify
    const to =
      i % 3 > 0 ? `+234803${100 + i}${1000 + 31 * i}` : `+2348051007${String(i).padStart(3, '0')}`
    const begun = await own.gate.start({
      ...{ service: 'signup', to, priceMicroUsd: CHEAP, code: '123456', ip: '105.112.3.4' },
    })
    if (!begun.ok) throw new Error(begun.error.message)
    now += 3 * SECOND
    const { id, status } = begun.value.verification
    if (status === 'sent' && i % 3 > 0) await own.gate.check(id, '123456')
    await own.gate.tick()
    await follower.follow()
    core.pass(now)
  }
  const moneyOf = ({ detector }: typeof core) =>
    detector.incidents().map(({ ranges, savedMicroUsd, refusedNumbers }) => ({
      levels: ranges.map(({ level }) => level),
      savedMicroUsd,
      refusedNumbers,
    }))
  expect(moneyOf(own.core)).toMatchObject([{ levels: ['subBlock'] }])
  expect(moneyOf(own.core)[0]?.savedMicroUsd).toBeGreaterThan(10 * CHEAP)
  expect(moneyOf(core)).toEqual(moneyOf(own.core))
  await own.close()
})
