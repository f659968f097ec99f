import { expect, it } from 'vitest'
import { result } from '../../../test/fakes/bench-results.js'
import { cellOf, worstCountryOf } from './cell.js'

it('pools shares over seeds and takes medians of times', () => {
  const cell = cellOf([
    result({ seed: 1, leaked: 100_000, lost: 1, challenged: 4 }),
    result({ seed: 2, leaked: 0 }),
    result({ seed: 3, leaked: 20_000, lost: 2 }),
  ])
  expect(cell).toMatchObject({
    seeds: 3,
    attemptedMicroUsd: 1_000_000,
    leakedMicroUsd: 40_000,
    leakedShare: 0.04,
    worstShare: 0.1,
    containedAfterMs: 120_000,
    containmentSends: 2,
    contained: 1,
    incidentAfterMs: null,
    lost: 0.001,
    challenged: 4 / 3_000,
    during: { requests: 300, lost: 0.01 },
    requestsPerSecond: 11_000,
  })
})

it('counts harm while it lasts in the countries on which it falls', () => {
  const one = result({ lost: 10 })
  one.during.GH = { requests: 50, challenged: 5, denied: 0, lost: 1 }
  expect(cellOf([one], ['GH']).during).toEqual({
    requests: 50,
    challenged: 0.1,
    denied: 0,
    lost: 0.02,
  })
  expect(cellOf([one]).during?.requests).toBe(150)
  expect(cellOf([result({ kind: 'clean' })]).during).toBeNull()
})

it('names the worst country, of those with enough requests to say so', () => {
  const one = result({ lost: 10 })
  const harm = { requests: 400, challenged: 0, denied: 4, lost: 40 }
  one.countries.GH = harm
  expect(worstCountryOf([one])).toMatchObject({ country: 'NG', lost: 0.01 })
  expect(worstCountryOf([one, one])).toMatchObject({ country: 'GH', lost: 0.1, denied: 0.01 })
  expect(worstCountryOf([])).toBeNull()
})
