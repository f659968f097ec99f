import { describe, expect, it } from 'vitest'
import { columns, pairs } from './columns.js'
import { duration, moment } from './duration.js'
import { usd } from './money.js'

describe('money', () => {
  it.each([
    [0, 'USD 0.00'],
    [110_000, 'USD 0.11'],
    [8_000, 'USD 0.008'],
    [7_950, 'USD 0.008'],
    [12_345, 'USD 0.012'],
    [1, 'USD 0.000001'],
    [1_000_000, 'USD 1.00'],
    [9_843_602, 'USD 9.84'],
    [1_234_567_890_000, 'USD 1,234,567.89'],
    [-220_000, 'USD -0.22'],
  ])('%d micro-USD is %s', (microUsd, text) => {
    expect(usd(microUsd)).toBe(text)
  })
})

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [350, '350 ms'],
    [1_999, '1 s'],
    [90_000, '1 min 30 s'],
    [7_500_000, '2 h 5 min'],
    [86_400_000, '1 day'],
    [90 * 86_400_000, '90 days'],
    [86_403_000, '1 day 3 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })

  it('says how far a moment is', () => {
    const now = Date.UTC(2026, 10, 21, 12)
    expect(moment(now + 125_000, now)).toBe('2026-11-21 12:02:05 UTC (in 2 min 5 s)')
    expect(moment(now - 3_600_000, now)).toBe('2026-11-21 11:00:00 UTC (1 h ago)')
    expect(moment(now, now)).toBe('2026-11-21 12:00:00 UTC (now)')
  })
})

describe('columns', () => {
  it('aligns cells of any script, without spaces at line ends', () => {
    const text = columns(
      [{ title: 'name' }, { title: 'n', align: 'right' }, { title: '' }],
      [
        ['a', '5', ''],
        ['Ünïcode', '1,000', 'x'],
        ['e\u0301tage', '12', ''],
      ],
    )
    expect(text).toEqual([
      'name         n',
      'a            5',
      'Ünïcode  1,000  x',
      'e\u0301tage       12',
    ])
  })

  it('lines pairs up', () => {
    expect(
      pairs([
        ['a', '1'],
        ['long', ''],
      ]),
    ).toEqual(['a     1', 'long'])
  })
})
