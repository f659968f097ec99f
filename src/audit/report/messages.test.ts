import { describe, expect, it } from 'vitest'
import { auditResult } from '../../../test/fakes/audit-result.js'
import { logOfRows } from '../../../test/fakes/message-rows.js'
import { DAY, HOUR } from '../../engine/units.js'
import type { AuditIncident, RangeFinding } from '../audit-result.js'
import { surveyOf } from '../defences/survey.js'
import { type Message, OUTCOME } from '../message-log.js'
import { evidence } from './evidence.js'
import { heatOf } from './heat.js'
import { createPseudonyms, pseudonymised } from './pseudonyms.js'

const START = Date.UTC(2026, 2, 1)

const ASKED = {
  priceMicro: 250_000,
  currency: 'EUR',
  outcome: OUTCOME.unverified,
  ip: '105.112.3.4',
}
const logOf = (messages: readonly Partial<Message>[]) => logOfRows(messages, ASKED)

const range = (level: RangeFinding['level'], key: string, fraud = 1): RangeFinding => ({
  ...{ level, key, fraud, country: 'NG', operator: 'NG/MTN', messages: 1, spend: 1 },
  ...{ verified: null, expected: null },
})

describe('the heat map', () => {
  it('adds money up by range and day, each message in the narrowest range that holds it', () => {
    const log = logOf([
      { at: START + HOUR, number: 2_348_031_234_567 },
      { at: START + HOUR, number: 2_348_031_234_999, priceMicro: 500_000 },
      { at: START + 2 * DAY, number: 2_348_031_239_000 },
      { at: START + DAY, number: 998_993_941_234 },
    ])
    const heat = heatOf(surveyOf(log), [
      range('block', '+234803123', 5),
      range('subBlock', '+2348031234', 3),
      range('country', 'UZ', 9),
      range('country', 'GH', 0),
    ])
    expect(heat.step).toBe('day')
    expect(heat.columns).toEqual(['2026-03-01', '2026-03-02', '2026-03-03'])
    expect(heat.rows.map(({ key, cells }) => [key, ...cells])).toEqual([
      ['UZ', 0, 0.25, 0],
      ['+234803123', 0, 0, 0.25],
      ['+2348031234', 0.75, 0, 0],
    ])
  })

  it.each([
    [200, 'week', '2026-02-23'],
    [2_000, 'month', '2026-03-01'],
  ] as const)('of %d days has columns of a %s', (days, step, first) => {
    const log = logOf([
      { at: START, number: 2_348_031_234_567 },
      { at: START + days * DAY, number: 2_348_031_234_567 },
    ])
    const heat = heatOf(surveyOf(log), [range('block', '+234803123')])
    expect([heat.step, heat.columns[0]]).toEqual([step, first])
    expect(heat.columns.length).toBeLessThanOrEqual(130)
    expect([...(heat.rows[0]?.cells ?? [])].reduce((sum, cell) => sum + cell, 0)).toBe(0.5)
  })
})

describe('evidence', () => {
  it('lists what is probably pumped, within the ranges and the time, hides what the log hides and tells no address', () => {
    const log = logOf([
      { at: START + HOUR, number: 2_348_031_230_000, masked: 4 },
      { at: START, number: 2_348_031_234_567, error: '=cmd()' },
      { at: START, number: 2_348_031_234_568 },
      { at: START, number: 998_993_941_234 },
      { at: START + 3 * DAY, number: 2_348_031_234_567 },
    ])
    const judged = {
      certainty: Uint8Array.from([3, 2, 1, 3, 3]),
      probability: Float32Array.from([1, 0.6, 0.2, 1, 1]),
      order: Uint32Array.from([1, 2, 3, 0, 4]),
    }
    const incident: Pick<AuditIncident, 'ranges' | 'onset' | 'end'> = {
      ranges: [range('block', '+234803123')],
      onset: new Date(START).toISOString(),
      end: new Date(START + HOUR).toISOString(),
    }
    const result = auditResult({ spend: { ...auditResult().spend, currency: 'EUR', total: 2 } })
    const [whole] = result.incidents
    if (whole === undefined) throw new Error('no incident')
    const { sums, chunks } = evidence(
      { log, judged, result, survey: surveyOf(log), wholeNumbers: [] },
      { ...whole, ...incident },
      null,
    )
    const rows = [...chunks].join('').trimEnd().split('\r\n').slice(1)
    expect(rows).toEqual([
      "+2348031234567,2026-03-01T00:00:00.000Z,+234803123,NG,NG/MTN,1,0.25,log,EUR,delivered,'=cmd(),no,probably",
      '+234803123xxxx,2026-03-01T01:00:00.000Z,+234803123,NG,NG/MTN,1,0.25,log,EUR,delivered,,no,surely',
    ])
    expect(sums).toEqual({ messages: 2, micro: 500_000, unpriced: 0 })
  })
})

describe('pseudonyms', () => {
  const pseudonyms = createPseudonyms(Buffer.alloc(32, 1))
  it('stand for whole numbers in the table of numbers, and hide those in examples and file names', () => {
    const top = { number: '+23480******34', country: 'NG', messages: 2, spend: 1, verified: 0 }
    const result = pseudonymised(
      auditResult({
        topNumbers: [top, { ...top, messages: 7 }],
        files: [{ path: 'of-2348031231234.csv', format: 'plain', rows: 1, bytes: 1 }],
        skipped: [{ why: 'bad_number', rows: 1, examples: ['line 3: +23480******34 twice'] }],
      }),
      [2_348_031_231_234],
      pseudonyms,
    )
    expect(result.topNumbers.map(({ number }) => number)).toEqual([
      pseudonyms.of(2_348_031_231_234),
      '(number)',
    ])
    expect(JSON.stringify([result.topNumbers, result.files, result.skipped])).not.toMatch(
      /\d{8,}[^a-f\d]|\*\*/,
    )
    expect(result.files[0]?.path).toBe('of-(number).csv')
  })

  it('depend on the key', () => {
    const other = createPseudonyms(Buffer.alloc(32, 2))
    expect(other.of(2_348_031_231_234)).not.toBe(pseudonyms.of(2_348_031_231_234))
  })
})
