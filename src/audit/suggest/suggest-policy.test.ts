import { describe, expect, it } from 'vitest'
import { labelledLog } from '../../../test/fakes/labelled-log.js'
import { USD } from '../../engine/units.js'
import { ATTACKS } from '../../lab/scenarios/attacks.js'
import { loadPolicy } from '../../policy/load.js'
import { formatErrors } from '../../policy/problem.js'
import { wouldHaveSaved } from '../defences/would-have-saved.js'
import { createMessageLog } from '../message-log.js'
import { suggestPolicy } from './suggest-policy.js'

const scenario = (name: string) => {
  const found = ATTACKS.find((attack) => attack.name === name)
  if (found === undefined) throw new Error(`no scenario ${name}`)
  return found
}
const slow = labelledLog(scenario('low-and-slow'), { days: 10, scale: 0.1 })

/** Without the line breaks of its comments. */
const flat = (yaml: string): string => yaml.replace(/\n\s*# /g, ' ')

function loaded(yaml: string) {
  const policy = loadPolicy(yaml)
  if (!policy.ok) throw new Error(`${formatErrors(policy.errors)}\n${yaml}`)
  return policy
}

describe('the proposed policy', () => {
  const { yaml, reasons } = suggestPolicy(slow.log, slow)
  const policy = loaded(yaml)

  it('loads without a problem, and says why for every setting', () => {
    expect(policy.policy.mode).toBe('monitor')
    expect(reasons.length).toBeGreaterThan(5)
    for (const { path, because } of reasons) {
      expect(because).not.toBe('')
      expect(flat(yaml)).toContain(because)
      expect(path).toMatch(/^(mode|spendCaps|defaults\.)/)
    }
  })

  it('finds the markets of the platform in its log', () => {
    expect([...policy.defaults.markets].sort()).toEqual([...slow.markets].sort())
  })

  it('caps money above every day without incident and below what the attack took', () => {
    const byDay = new Map<number, number>()
    for (let row = 0; row < slow.log.size; row++) {
      if (slow.certainty[row] !== 0) continue
      const day = Math.floor((slow.log.columns.at[row] ?? 0) / 86_400_000)
      byDay.set(day, (byDay.get(day) ?? 0) + (slow.log.columns.priceMicro[row] ?? 0))
    }
    const [cap] = policy.policy.spendCaps
    expect(cap?.limitMicroUsd).toBeGreaterThan(Math.max(...byDay.values()))
    expect(cap?.limitMicroUsd).toBeLessThan(3 * Math.max(...byDay.values()))
    // the US are too cheap for a cap of their own
    const countries = policy.defaults.spendCaps.map(({ country }) => country)
    expect(countries.sort()).toEqual(['GB', 'GH', 'KE', 'NG'])
    expect(policy.defaults.fraudBudget).toBeGreaterThanOrEqual(5 * USD)
  })

  it('lists the attacked ranges and none that people use', () => {
    const prefixes = policy.defaults.lists.deny.map((entry) => entry.slice(0, -1))
    expect(prefixes.length).toBeGreaterThan(0)
    const hit = { attack: 0, attacks: 0, people: 0 }
    for (let row = 0; row < slow.log.size; row++) {
      const number = `+${slow.log.columns.number[row]}`
      const matches = prefixes.some((prefix) => number.startsWith(prefix))
      if (slow.certainty[row] === 3) {
        hit.attacks++
        if (matches) hit.attack++
      } else if (matches) hit.people++
    }
    expect(hit.attack / hit.attacks).toBeGreaterThan(0.95)
    expect(hit.people / hit.attacks).toBeLessThan(0.02)
    expect(yaml).toMatch(/"\+\d+\*" # NG, \d+ pumped messages; remove after 20\d\d-\d\d-\d\d/)
  })

  it('keeps the attack out of the log it comes from, and lets its people through', async () => {
    const enforced = loaded(yaml.replace('mode: monitor', 'mode: enforce'))
    // the lists know the attack beforehand: what remains must hold without them
    const fallback = enforced.policy.fallback
    if (fallback === null) throw new Error('the proposal names no services')
    const savings = await wouldHaveSaved(slow.log, slow, {
      markets: slow.markets,
      maxReplayed: 1_500,
      policy: {
        ...enforced.policy,
        fallback: { ...fallback, lists: { allow: [], deny: [] } },
      },
    })
    const proposed = savings.find(({ defence }) => defence === 'tollgate-proposed')
    expect(proposed?.share).toBeGreaterThan(0.9)
    expect(proposed?.touched).toBeLessThan(0.02)
  })
})

it('challenges countries that are nothing but fraud, and opens nothing for them', () => {
  const abroad = labelledLog(scenario('operator-abroad'), { days: 9, scale: 0.02 })
  const { yaml } = suggestPolicy(abroad.log, abroad, { markets: abroad.markets })
  const { defaults } = loaded(yaml)
  expect(defaults.markets).toEqual(abroad.markets)
  const challenged = Object.keys(defaults.countries)
  expect(challenged.length).toBeGreaterThan(0)
  for (const country of challenged) {
    expect(defaults.countries[country]).toBe('challenge')
    expect(abroad.markets).not.toContain(country)
  }
})

it('proposes no amounts in a currency without a rate, and right ones with a rate', () => {
  const euros = labelledLog(scenario('low-and-slow'), { days: 8, scale: 0.02, currency: 'EUR' })
  const without = suggestPolicy(euros.log, euros)
  expect(loaded(without.yaml).policy.spendCaps).toEqual([])
  expect(flat(without.yaml)).toContain('Prices are in EUR and policies in USD')
  const capAt = (usdPerUnit: number) =>
    loaded(suggestPolicy(euros.log, euros, { usdPerUnit }).yaml).policy.spendCaps[0]
      ?.limitMicroUsd ?? 0
  expect(capAt(100) / capAt(10)).toBeCloseTo(10, 1)
})

it('works without outcomes, with masked numbers, on few days, and on an empty log', () => {
  const silent = labelledLog(scenario('low-and-slow'), { outcomes: false, masked: 4, scale: 0.05 })
  const { yaml } = suggestPolicy(silent.log, silent)
  loaded(yaml)
  expect(flat(yaml)).toContain(
    'Only 1 of its 4 days are without incident, so what is normal is taken from all days',
  )
  const none = { certainty: new Uint8Array(), probability: new Float32Array() }
  loaded(suggestPolicy(createMessageLog(), { ...none, order: new Uint32Array() }).yaml)
})
