import { describe, expect, it } from 'vitest'
import { createCalibration } from './calibration.js'
import { SIGNALS } from './catalogue.js'
import { sampleContext } from './sample.js'
import { sentence } from './sentence.js'
import { SIGNAL_GROUPS } from './signal.js'
import { signalsPage } from './signals-page.js'
import { weigh } from './weigh.js'
import { createWeights } from './weights.js'

describe('a piece of evidence in plain words', () => {
  const scales = { weights: createWeights().values, prior: -4, calibration: createCalibration() }
  const said = (v: Parameters<typeof sampleContext>[0]) =>
    weigh(sampleContext(v), scales).evidence.map(sentence)

  it('gives the figure with its unit, the window, what is usual, and what it weighs', () => {
    expect(said({ subnet: { numbers1h: 41, verifiedLong: 7 } })).toEqual([
      'observed 41 numbers from this subnet (/24, /48) in 60 min, usual 18; +0.8',
      'observed 7 codes entered lately from this subnet (/24, /48) in 24 h, usual 0; -0.7',
    ])
    expect(said({ block: { lost15m: 9, verified15m: 1 } })).toEqual([
      'observed 10 % of the sends to this block verified in 15 min, usual 70 %; +3.3',
    ])
    expect(said({ country: { sends15m: 400, sends1h: 500 } })).toEqual([
      'observed 1109 messages an hour to this country in 15 min, usual 42; +1.5',
    ])
    expect(said({ device: { delays: { n: 8, sum: 20_000, squares: 90e6 } } })).toEqual([
      'observed 2.5 s as the mean time from send to entry in this block or source in 24 h, usual 21 s; +2.0',
    ])
  })

  it('states plain facts, and speaks of codes it no longer knows', () => {
    expect(said({ source: { hosting: true } })).toEqual([
      'the address belongs to a hosting provider; +2.0',
    ])
    const gone = { code: 'old.signal', group: 'client', logOdds: -0.5 } as const
    expect(sentence({ ...gone, observed: 3, expected: null, windowMs: null })).toBe(
      'old.signal; -0.5',
    )
  })
})

describe('docs/signals.md', () => {
  const page = signalsPage()
  it('has a section per group and a row per signal with its weight and reason', () => {
    for (const group of SIGNAL_GROUPS) expect(page).toContain(`\n## ${group}\n`)
    const rows = page.split('\n').filter((line) => line.startsWith('| `'))
    expect(rows).toHaveLength(SIGNALS.length)
    for (const { code, why, start } of SIGNALS) {
      const row = rows.find((line) => line.startsWith(`| \`${code}\` `))
      expect(row).toContain(why)
      expect(row).toContain(`${start > 0 ? '+' : ''}${start.toFixed(1)}`)
    }
  })
})
