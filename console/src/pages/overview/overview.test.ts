import { describe, expect, it } from 'vitest'
import type { CountryFlow } from '../../../../src/http/console/overview-view'
import { roundUp } from './round-up'
import { stepsOf } from './world-measures'

it('an axis ends with a round number at or above the largest value', () => {
  expect([0, 1, 3, 7, 10, 77, 201, 5001].map(roundUp)).toEqual([1, 1, 5, 10, 10, 100, 500, 10_000])
})

const flow = (code: string, more: Partial<CountryFlow>): CountryFlow => ({
  ...{ code, requests: 0, sends: 0, verified: 0, conversion: null, spend: 0, wasted: 0 },
  ...{ saved: 0, wouldSave: 0, refusedNumbers: 0, usual: null, against: 'quiet' },
  ...more,
})

describe('colours of the map', () => {
  it('money goes by shares of the worst country', () => {
    const { step, legend } = stepsOf('wasted', [
      flow('NG', { wasted: 10_000_000 }),
      flow('GH', { wasted: 2_000_000 }),
      flow('KE', { wasted: 50_000 }),
      flow('GB', {}),
    ])
    expect([...step]).toEqual([
      ['NG', 4],
      ['GH', 3],
      ['KE', 0],
    ])
    expect(legend).toEqual(['USD 0.00', 'USD 0.10', 'USD 0.50', 'USD 2.00', 'USD 5.00'])
  })

  it('conversion of a few sends has no colour', () => {
    const { step } = stepsOf('conversion', [
      flow('NG', { conversion: 0.29, against: 'alarm' }),
      flow('GH', { conversion: 0.6, against: 'fine' }),
      flow('JP', { conversion: 0, against: 'quiet' }),
    ])
    expect([...step]).toEqual([
      ['NG', 1],
      ['GH', 4],
    ])
  })

  it('without traffic there is nothing to explain', () => {
    expect(stepsOf('sends', [flow('NG', {})])).toMatchObject({ legend: [] })
  })
})
