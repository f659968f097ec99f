import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../engine/units.js'
import { createRandom } from '../../lab/random.js'
import { createMessageLog, OUTCOME, STATUS } from '../message-log.js'
import { analyse } from './analyse.js'

const FROM = Date.UTC(2026, 7, 1)

/** Fifty days of people in Nigeria, and 400 numbers of one Uzbek block in sequence. @param gap to the next of them, ms */
function audited(gap: (i: number) => number) {
  const random = createRandom(5)
  const log = createMessageLog()
  const add = (at: number, number: number, priceMicro: number) =>
    log.add({
      ...{ at, number, masked: 0, priceMicro, currency: 'USD', segments: 1 },
      ...{ status: STATUS.delivered, outcome: OUTCOME.unknown, id: '', error: '', ip: '' },
    })
  for (let day = 0; day < 50; day++)
    for (let i = 0; i < 40; i++)
      add(
        FROM + day * DAY + 7 * HOUR + random.next() * 14 * HOUR,
        234_803_000_0000 + random.below(10_000_000),
        50_000,
      )
  for (let i = 0, at = FROM + 30 * DAY + 8 * HOUR; i < 400; i++, at += gap(i))
    add(at, 998_901_230_000 + i, 270_000)
  return analyse(log, { markets: ['NG'], currency: 'USD' })
}

describe('numbers of one block in sequence, without outcomes', () => {
  it('are an attack when they come like clockwork', () => {
    const { fraud, incidents } = audited(() => 54 * SECOND)
    expect(fraud.surely + fraud.probably).toBeCloseTo(108, 0)
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.onset.slice(0, 10)).toBe('2026-08-31')
  })

  it('are unclear when they come as people hand out telephones', () => {
    const random = createRandom(6)
    const { fraud } = audited(() => random.exponential(MINUTE))
    expect(fraud.surely + fraud.probably).toBe(0)
    expect(fraud.unclear).toBeGreaterThan(50)
  })
})
