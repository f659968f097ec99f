import { describe, expect, it } from 'vitest'
import { type LabelledLog, labelledLog } from '../../../test/fakes/labelled-log.js'
import { PEER_NAMES } from '../../lab/peers/all.js'
import { ATTACKS } from '../../lab/scenarios/attacks.js'
import { createMessageLog } from '../message-log.js'
import { type DefenceSaving, wouldHaveSaved } from './would-have-saved.js'

const scenario = (name: string) => {
  const found = ATTACKS.find((attack) => attack.name === name)
  if (found === undefined) throw new Error(`no scenario ${name}`)
  return found
}

const by = (savings: readonly DefenceSaving[]) => {
  const of = new Map(savings.map((saving) => [saving.defence, saving]))
  return (defence: string): DefenceSaving => {
    const found = of.get(defence)
    if (found === undefined) throw new Error(`${defence} is not among ${[...of.keys()].join()}`)
    return found
  }
}

const fraudOf = ({ log, certainty }: LabelledLog): number => {
  let micro = 0
  for (let row = 0; row < log.size; row++)
    if (certainty[row] === 3) micro += log.columns.priceMicro[row] ?? 0
  return micro / 1e6
}

describe('a slow attack inside the market, five blocks for three days', () => {
  const slow = labelledLog(scenario('low-and-slow'), { scale: 0.03 })
  const saved = wouldHaveSaved(slow.log, slow, { markets: slow.markets })

  it('is measured against ours, everybody else and the whole checklist', async () => {
    expect((await saved).map(({ defence }) => defence)).toEqual([
      'tollgate',
      'tollgate-solved',
      ...PEER_NAMES,
      ...['limit-per-number', 'limit-per-ip', 'allow-list', 'geo-permission'],
      ...['cap-per-country', 'cap-in-all', 'number-validation', 'block-list', 'ratio-alarm'],
    ])
  })

  it('is stopped by the default policy at no harm, even where every challenge is solved', async () => {
    const of = by(await saved)
    for (const name of ['tollgate', 'tollgate-solved']) {
      expect(of(name).share).toBeGreaterThan(0.9)
      expect(of(name).saved).toBeCloseTo(of(name).share * fraudOf(slow), 6)
      expect(of(name).touched).toBeLessThan(0.02)
      expect(of(name).sampled).toBe(false)
    }
    expect(of('tollgate').assumption).toContain('challenged')
    expect(of('tollgate-solved').assumption).toContain('only what never goes out')
    expect(of('tollgate-solved').refused).toBeLessThanOrEqual(of('tollgate').refused)
  })

  it('is nothing to fixed limits and allow-lists, which touch people abroad', async () => {
    const of = by(await saved)
    for (const name of ['vendor-limits', 'limit-per-number', 'limit-per-ip', 'allow-list'])
      expect(of(name).share).toBeLessThan(0.01)
    expect(of('allow-list').touched).toBeGreaterThan(0.002)
    expect(of('vendor-limits').source).toMatch(/^https:/)
    expect(of('vendor-limits').assumption).toMatch(/^in an hour 5 for a number/)
    // each title is read alone, on a card or a line of a table
    for (const { title } of await saved) expect(title).toMatch(/^[A-Z](?!.*the same)/)
  })

  it('is met a day late by a block list, which touches nobody', async () => {
    const of = by(await saved)
    expect(of('block-list').share).toBeGreaterThan(0.4)
    expect(of('block-list').share).toBeLessThan(0.8)
    expect(of('block-list').touched).toBeLessThan(0.005)
  })

  it('is told the same twice', async () => {
    const told = () => wouldHaveSaved(slow.log, slow, { markets: slow.markets, maxReplayed: 500 })
    expect(await told()).toEqual(await told())
  })

  it('comes out much the same from a part of the log, and says that it is one', async () => {
    const reports: [number, number][] = []
    const part = await wouldHaveSaved(slow.log, slow, {
      markets: slow.markets,
      maxReplayed: 2_500,
      onProgress: (done, total) => reports.push([done, total]),
    })
    const [of, whole] = [by(part), by(await saved)]
    expect(of('tollgate').sampled).toBe(true)
    expect(of('tollgate').title).toContain('(part of the log)')
    expect(of('tollgate').assumption).toMatch(/^[12],\d\d\d messages of \d+ of \d+ (days|hours)/)
    expect(of('tollgate').share).toBeGreaterThan(0.85)
    expect(of('tollgate').share).toBeLessThanOrEqual(1)
    // the rules of the checklist always see everything
    expect(of('block-list')).toEqual(whole('block-list'))
    const [done = 0, total = 1] = reports.at(-1) ?? []
    expect(done).toBe(total)
    expect(total).toBeLessThanOrEqual(5_000)
  })
})

it('finds the allow-list and the alarm where the attack is abroad and loud', async () => {
  const abroad = labelledLog(scenario('rotation-abroad'), { scale: 0.02, days: 3 })
  const of = by(
    await wouldHaveSaved(abroad.log, abroad, { markets: abroad.markets, maxReplayed: 1_500 }),
  )
  expect(of('tollgate').share).toBeGreaterThan(0.95)
  expect(of('allow-list').share).toBe(1)
  expect(of('geo-permission').share).toBeGreaterThan(0.9)
  expect(of('ratio-alarm').share).toBeGreaterThan(0.5)
  expect(of('cap-in-all').touched).toBeGreaterThan(of('cap-per-country').touched)
})

it('works without outcomes, without markets and with masked numbers', async () => {
  const silent = labelledLog(scenario('low-and-slow'), { scale: 0.015, outcomes: false, masked: 4 })
  const of = by(await wouldHaveSaved(silent.log, silent, { markets: [], maxReplayed: 2_000 }))
  expect(of('tollgate').share).toBeGreaterThan(0.85)
  expect(of('tollgate').touched).toBeLessThan(0.05)
  // every message of a block looks like one number: counting them so would stop people
  expect(of('limit-per-number').refused).toBe(0)
  expect(of('vendor-limits').touched).toBeLessThan(0.01)
})

it('finds nothing to save where nothing is pumped, and nothing in nothing', async () => {
  const clean = labelledLog(scenario('low-and-slow'), { scale: 0.01, days: 3, found: false })
  for (const saving of await wouldHaveSaved(clean.log, clean, {
    markets: clean.markets,
    maxReplayed: 500,
  })) {
    expect(saving.saved).toBe(0)
    expect(saving.share).toBe(0)
  }
  const none = {
    certainty: new Uint8Array(),
    probability: new Float32Array(),
    order: new Uint32Array(),
  }
  expect(await wouldHaveSaved(createMessageLog(), none, { markets: ['NG'] })).toEqual([])
})
