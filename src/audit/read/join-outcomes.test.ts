import { describe, expect, it } from 'vitest'
import { logOfRows } from '../../../test/fakes/message-rows.js'
import { createRandom } from '../../lab/random.js'
import { OUTCOME } from '../message-log.js'
import { joinOutcomes } from './join-outcomes.js'

const MINUTE = 60_000
const T = Date.UTC(2026, 2, 1)

const logOf = (rows: readonly { number: number; at: number }[], outcome: 0 | 1 | 2) =>
  logOfRows(rows, { outcome })

describe('outcomes', () => {
  it('meet the messages that trying every pair finds', () => {
    const random = createRandom(5)
    const some = (count: number, span: number) =>
      Array.from({ length: count }, () => ({
        number: 2_348_031_234_500 + random.below(30),
        at: T + random.below(span) * 1000,
      }))
    const messages = some(400, 40_000)
    const verifications = some(300, 30_000)
    const log = logOf(messages, OUTCOME.unknown)
    const met = joinOutcomes(log, logOf(verifications, OUTCOME.verified))

    const verified = new Set<number>()
    let expected = 0
    for (const { number, at } of verifications) {
      const fits = messages
        .map((message, row) => ({ ...message, row, gap: at - message.at }))
        .filter((one) => one.number === number && one.gap >= -MINUTE && one.gap <= 10 * MINUTE)
      const before = fits
        .filter(({ gap }) => gap >= 0)
        .sort((a, b) => a.gap - b.gap || a.row - b.row)
      const behind = fits
        .filter(({ gap }) => gap < 0)
        .sort((a, b) => b.gap - a.gap || a.row - b.row)
      const best = before[0] ?? behind[0]
      if (best === undefined) continue
      expected++
      verified.add(best.row)
    }
    expect(met).toBe(expected)
    expect(met).toBeGreaterThan(50)
    const found = messages.flatMap((_, row) =>
      log.columns.outcome[row] === OUTCOME.verified ? [row] : [],
    )
    expect(found).toEqual([...verified].sort((a, b) => a - b))
    const last = Math.max(...verifications.map(({ at }) => at))
    for (const [row, { at }] of messages.entries())
      if (at > last && !verified.has(row)) expect(log.columns.outcome[row]).toBe(OUTCOME.unknown)
  })
})
