import { describe, expect, it } from 'vitest'
import { DEFAULT_SERVICE } from '../../engine/defaults.js'
import type { Policy, ServicePolicy } from '../../engine/policy.js'
import { USD } from '../../engine/units.js'
import { type RedteamOptions, redteam } from './redteam.js'

const policyOf = (service: Partial<ServicePolicy> = {}): Policy => ({
  version: 1,
  mode: 'monitor',
  spendCaps: [],
  services: { login: { ...DEFAULT_SERVICE, markets: ['NG', 'GB'], ...service } },
  fallback: null,
})
const tiny = (options: Partial<RedteamOptions> = {}) =>
  redteam({
    policy: policyOf(),
    service: null,
    budget: 12,
    seed: 2,
    sessionsPerDay: 80,
    ...options,
  })

describe('the red team', () => {
  it('finds for each kind of attacker what pays best, and the bound holds', async () => {
    const told: number[] = []
    const report = await tiny({ onProgress: (tried) => told.push(tried) })
    expect(report.countries).toEqual(['NG', 'GB'])
    expect(report.best.map(({ kind, tried }) => [kind, tried])).toEqual([
      ['verifies-nothing', 6],
      ['range-holder', 4],
      ['outsider', 2],
    ])
    expect(told.at(-1)).toBe(12)
    for (const { trial, again } of report.best) {
      expect(trial.requests).toBeGreaterThan(0)
      expect(trial.leakedMicroUsd).toBeLessThanOrEqual(trial.attemptedMicroUsd)
      expect(again).toHaveLength(2)
    }
    const [nothing] = report.best
    expect(nothing?.trial.verified).toBe(0)
    expect(report.closest?.leakedMicroUsd).toBeGreaterThan(0)
    expect(report.closest?.leakedMicroUsd).toBeLessThanOrEqual(report.closest?.boundMicroUsd ?? 0)
    expect(report.holds).toBe(true)
  })

  it('is the same for the same seed', async () => {
    const few = { budget: 3, sessionsPerDay: 60 }
    expect(await tiny(few)).toEqual(await tiny(few))
  })

  it('says so when an attack takes more than the bound: numbers on the allow list are not in it', async () => {
    // little of what the platform's people earn can be ridden, so that a small attack is over the bound
    const narrow = { fraudBudgetMicroUsd: USD, margin: 1, z: 0, sizeShare: 0 }
    const allow = ['+234*', '+44*']
    const report = await tiny({
      budget: 4,
      policy: policyOf({ lists: { allow, deny: [] }, ...narrow }),
    })
    expect(report.holds).toBe(false)
    expect(report.closest?.leakedMicroUsd).toBeGreaterThan(report.closest?.boundMicroUsd ?? 0)
  })

  it('asks which service is meant where a policy names several', async () => {
    const { services } = policyOf()
    const [login] = Object.values(services)
    if (login === undefined) throw new Error('a policy of one service')
    const policy = { ...policyOf(), services: { login, signup: login } }
    await expect(tiny({ policy })).rejects.toThrow('give one of login, signup')
    await expect(tiny({ policy, service: 'other' })).rejects.toThrow('names no service "other"')
  })
})
