import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { usualDuration } from './durations.js'
import type { KeptMeasure } from './kept-measure.js'

const NOW = Date.UTC(2026, 10, 20, 12)
const target = { kind: 'range', key: '+234803123', service: null } as const

const past = (part: Partial<KeptMeasure>): KeptMeasure => ({
  id: 'mea_1',
  target,
  action: 'block',
  limit: null,
  startedAt: NOW - 3 * HOUR,
  durationMs: HOUR,
  until: NOW - 2 * HOUR,
  by: { id: 'user:1', name: 'Ada' },
  incidentId: null,
  note: null,
  endedAt: NOW - 2 * HOUR,
  endedAs: 'over',
  endedBy: null,
  ...part,
})

describe('how long a measure lasts', () => {
  it.each<[string, KeptMeasure[], number]>([
    ['an hour at first', [], HOUR],
    ['twice as long within a day of the last one', [past({})], 2 * HOUR],
    [
      'twice the latest of several',
      [past({ durationMs: 4 * HOUR, startedAt: NOW - 2 * HOUR }), past({})],
      8 * HOUR,
    ],
    ['never over seven days', [past({ durationMs: 6 * DAY })], 7 * DAY],
    [
      'an hour again when a day has gone by',
      [past({ until: NOW - DAY - MINUTE, endedAt: NOW - DAY - MINUTE })],
      HOUR,
    ],
    ['an hour where the last one was undone', [past({ endedAs: 'undone' })], HOUR],
    ['an hour for another target', [past({ target: { ...target, key: '+234803124' } })], HOUR],
    [
      'an hour for the same target in another service',
      [past({ target: { ...target, service: 'login' } })],
      HOUR,
    ],
    ['twice as long as what is in force', [past({ until: NOW + HOUR, endedAt: null })], 2 * HOUR],
  ])('%s', (_, measures, expected) => {
    expect(usualDuration(target, measures, NOW)).toBe(expected)
  })
})
