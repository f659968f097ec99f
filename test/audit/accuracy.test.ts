import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { marketplace } from '../../src/audit/sample/marketplace.js'
import { type Audited, createAuditor, type Shape } from './audited.js'
import {
  cleanYear,
  flooded,
  inMarket,
  rotated,
  seasonal,
  seasonalClean,
  slow,
} from './businesses.js'

/** The year of the sample in small: three attacks, a launch, a season. */
const year = marketplace({ messages: 40_000, days: 180 })

const ATTACKED: readonly Shape[] = [
  { name: 'a marketplace attacked in three ways', business: year },
  { name: 'a flood on a foreign operator', business: flooded },
  { name: 'low and slow in the main market', business: slow },
  { name: 'a flood inside the market', business: inMarket },
  { name: 'a rotation over many countries', business: rotated },
  { name: 'an attack within a season of three times the traffic', business: seasonal },
]
const MASKED: Shape = {
  name: 'numbers without their last four digits',
  business: flooded,
  maskedDigits: 4,
}
const CLEAN: readonly Shape[] = [
  { name: 'a year without an attack', business: cleanYear },
  { name: 'a season without an attack', business: seasonalClean },
]

/** How far the money may be off, as a share of the truth. */
const WITH_OUTCOMES = 0.1
const WITHOUT = 0.25
const ONSET_HOURS = 24
/** Legitimate messages of a clean log that may be called surely or probably fraud. */
const FALSELY_CALLED = 0.005

const SEED = 11

const auditor = createAuditor()
afterAll(() => auditor.close())

/** With TOLLGATE_PRINT_ACCURACY=1 the figures of all shapes are printed. */
async function auditOf(shape: Shape, outcomes: boolean): Promise<Audited> {
  const result = await auditor.audit(shape, { seed: SEED, outcomes })
  if (process.env.TOLLGATE_PRINT_ACCURACY === '1') {
    const { analysis, campaigns, ...figures } = result
    const found = campaigns.map(({ name, onsetOffHours, caught }) => [name, onsetOffHours, caught])
    const incidents = analysis.incidents.length
    process.stderr.write(
      `${JSON.stringify({ name: shape.name, outcomes, ...figures, found, incidents })}\n`,
    )
  }
  return result
}

function attackedShape(shape: Shape, outcomes: boolean): void {
  const bound = outcomes ? WITH_OUTCOMES : WITHOUT
  describe(`${shape.name}, ${outcomes ? 'with' : 'without'} outcomes`, () => {
    let result: Audited
    beforeAll(async () => {
      result = await auditOf(shape, outcomes)
    })
    it('reads every message', () => expect(result.read).toBe(1))
    it(`finds the money within ${bound * 100} %`, () => {
      expect(result.fraudMoney.truth).toBeGreaterThan(0)
      expect(Math.abs(result.error), JSON.stringify(result.fraudMoney)).toBeLessThan(bound)
    })
    it('finds when it began, within a day', () => {
      for (const { name, onsetOffHours } of result.campaigns)
        expect(onsetOffHours, name).toBeLessThan(ONSET_HOURS)
    })
  })
}

function cleanShape(shape: Shape, outcomes: boolean): void {
  it(`${shape.name}, ${outcomes ? 'with' : 'without'} outcomes: next to nothing is called fraud`, async () => {
    const result = await auditOf(shape, outcomes)
    expect(result.read).toBe(1)
    expect(result.falselyCalled).toBeLessThanOrEqual(FALSELY_CALLED)
    const { surely, probably } = result.analysis.fraud
    expect((surely + probably) / result.analysis.spend.total).toBeLessThanOrEqual(FALSELY_CALLED)
  })
}

describe('what an audit says of labelled logs', () => {
  for (const outcomes of [true, false]) for (const shape of ATTACKED) attackedShape(shape, outcomes)
  attackedShape(MASKED, false)
  for (const outcomes of [true, false]) for (const shape of CLEAN) cleanShape(shape, outcomes)
})
