import { describe, expect, it } from 'vitest'
import { createRandom } from '../../lab/random.js'
import { createMessageLog, OUTCOME, STATUS } from '../message-log.js'
import { findDuplicates } from './duplicates.js'

describe('duplicates', () => {
  it('are those that a Map finds, in a log of many parts, with ids and without', () => {
    const random = createRandom(11)
    const log = createMessageLog()
    const first = new Map<string, number>()
    const expected: [number, number][] = []
    for (let row = 0; row < 60_000; row++) {
      const id = random.chance(0.5) ? `SM${random.below(20_000)}` : ''
      const number = 2_348_030_000_000 + random.below(300) * 1000
      const at = Date.UTC(2026, 2, 1) + random.below(100) * 1000
      const priceMicro = random.chance(0.1) ? Number.NaN : 50_000
      const masked = id === '' && random.chance(0.2) ? 3 : 0
      log.add({
        ...{ id, number, at, priceMicro, masked },
        currency: 'USD',
        segments: 1,
        status: STATUS.sent,
        outcome: OUTCOME.unknown,
        error: '',
        ip: '',
      })
      const key = id === '' ? `${number} ${at} ${priceMicro}` : `${id} ${number}`
      if (id === '' && masked > 0) continue
      const known = first.get(key)
      if (known === undefined) first.set(key, row)
      else expected.push([row, known])
    }
    const found: [number, number][] = []
    findDuplicates(log, (row, known) => found.push([row, known]))
    expect(found.sort(([a], [b]) => a - b)).toEqual(expected)
    expect(found.length).toBeGreaterThan(1000)
  })
})
