import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../../engine/units.js'
import { parseNumber } from '../../phone/parse.js'
import type { LabelledRow } from '../actors/actor.js'
import { createWorld } from '../world/create-world.js'
import { SCENARIOS, scenarioNamed } from './catalogue.js'
import { PLATFORMS } from './platforms.js'
import { type OpenOptions, openScenario, type ScenarioData, START } from './scenario.js'
import { scenariosPage } from './scenarios-page.js'

const world = createWorld()
const named = (name: string): ScenarioData => {
  const scenario = scenarioNamed(name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  return scenario
}
const open = (name: string, more: Partial<OpenOptions> = {}) =>
  openScenario(named(name), { seed: 1, scale: 0.05, world, ...more })

function all(name: string, more: Partial<OpenOptions> = {}): LabelledRow[] {
  const { source } = open(name, more)
  const rows: LabelledRow[] = []
  while (source.nextAt() < Number.POSITIVE_INFINITY) rows.push(source.ask())
  return rows
}

test('docs/scenarios.md is what the catalogue says (else: npm run docs)', () => {
  const page = readFileSync(new URL('../../../docs/scenarios.md', import.meta.url), 'utf8')
  expect(page).toBe(scenariosPage(SCENARIOS))
})

describe('the catalogue', () => {
  test('has enough of each kind, named once, with a story and a source', () => {
    const count = (kind: ScenarioData['kind']) => SCENARIOS.filter((s) => s.kind === kind).length
    expect(count('trap')).toBeGreaterThanOrEqual(10)
    expect(count('attack')).toBeGreaterThanOrEqual(18)
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length)
    for (const { story, source } of SCENARIOS) {
      expect(story.length).toBeGreaterThan(60)
      expect(source.length).toBeGreaterThan(20)
    }
    const days = SCENARIOS.filter(({ kind }) => kind === 'clean').reduce((n, s) => n + s.days, 0)
    expect(days).toBeGreaterThanOrEqual(30)
  })

  test('survives JSON', () => {
    expect(JSON.parse(JSON.stringify(SCENARIOS))).toEqual(SCENARIOS)
  })

  test('names affected countries of its platforms, or of a launch there', () => {
    for (const { name, platform, affected = [] } of SCENARIOS)
      for (const country of affected)
        if (name !== 'new-country') expect(PLATFORMS[platform].markets, name).toContain(country)
  })

  test.each(SCENARIOS)('$name: in time order, each row once, within its days', (scenario) => {
    const { source, from, to } = open(scenario.name, { scale: 0.01 })
    const ids = new Set<string>()
    let last = from
    let rows = 0
    let attacks = 0
    while (source.nextAt() < Number.POSITIVE_INFINITY) {
      const { row, label } = source.ask()
      source.told?.(row, 'sent')
      if (row.at < last) throw new Error(`${row.id} comes after ${last}`)
      last = row.at
      ids.add(row.id)
      rows++
      if (label === 'attack') attacks++
    }
    expect(last).toBeLessThan(to)
    expect(ids.size).toBe(rows)
    expect(attacks > 0).toBe(scenario.kind === 'attack')
  })
})

describe('a scenario', () => {
  test('begins on a Monday, and knows when the attack is', () => {
    expect(new Date(START).getUTCDay()).toBe(1)
    const { from, to, attackFrom, attackTo } = open('outage-without-receipts')
    expect(from).toBe(START)
    expect(to).toBe(START + 3 * DAY)
    expect(attackFrom).toBe(START + 2 * DAY + 14 * HOUR)
    expect(attackTo).toBe(START + 2 * DAY + 16 * HOUR)
    expect(open('clean-europe')).toMatchObject({ attackFrom: null, attackTo: null })
  })

  test('has the same traffic of the same seed, and other traffic of another', () => {
    const some = (seed: number) => all('one-nat-address', { seed, days: 2 })
    expect(some(1)).toEqual(some(1))
    expect(some(2)[0]).not.toEqual(some(1)[0])
  })

  test('has the same people with an attacker and without one', () => {
    const people = (scenario: ScenarioData) => {
      const { source } = openScenario(scenario, { seed: 1, scale: 0.02, world })
      const rows: LabelledRow[] = []
      while (source.nextAt() < Number.POSITIVE_INFINITY) {
        const asked = source.ask()
        if (asked.label === 'legit') rows.push(asked)
      }
      return rows
    }
    const attack = SCENARIOS.find(({ kind }) => kind === 'attack')
    if (attack === undefined) throw new Error('there is no attack')
    expect(people(attack)).toEqual(people({ ...attack, actors: [] }))
  })

  test('scales its people only, and gains or loses days before the attack', () => {
    const crowd = (rows: LabelledRow[]) =>
      rows.filter(({ row }) => row.id.startsWith('one-nat-address')).length
    const half = all('one-nat-address', { scale: 0.05 })
    const whole = all('one-nat-address', { scale: 0.1 })
    expect(crowd(half)).toBe(crowd(whole))
    expect((whole.length - crowd(whole)) / (half.length - crowd(half))).toBeCloseTo(2, 0)
    expect(open('one-nat-address', { days: 1 }).attackFrom).toBe(START + 8 * HOUR)
    expect(open('one-nat-address', { days: 9 }).attackFrom).toBe(START + 8 * DAY + 8 * HOUR)
  })

  test('one-nat-address: over three hundred phones on one address', () => {
    const phones = new Map<string, Set<string>>()
    for (const { row } of all('one-nat-address', { days: 1 }))
      phones.set(row.ip ?? '', (phones.get(row.ip ?? '') ?? new Set()).add(row.to))
    expect(Math.max(...[...phones.values()].map((numbers) => numbers.size))).toBeGreaterThan(300)
  })

  test('airport: numbers of many countries, mostly outside the markets', () => {
    const rows = all('airport', { days: 1 }).filter(({ row }) => row.id.startsWith('airport'))
    const countries = rows.map(({ row }) => parseNumber(row.to).country)
    expect(new Set(countries).size).toBeGreaterThanOrEqual(18)
    const { markets } = PLATFORMS.global
    expect(countries.filter((c) => !markets.includes(c)).length).toBeGreaterThan(rows.length / 2)
  })
})
