import { describe, expect, it } from 'vitest'
import { auditResult } from '../../test/fakes/audit-result.js'
import { auditText } from './audit-text.js'

const text = (changed: Partial<ReturnType<typeof auditResult>>): string =>
  auditText({ ...auditResult(), skipped: [], duplicates: 0, ...changed }, []).join('\n')

describe('what an audit on one screen says of rows left out', () => {
  it('counts duplicates among them', () => {
    const skipped = [{ why: 'bad_time', rows: 2, examples: ['a.csv:7: no time'] }]
    expect(text({ skipped, duplicates: 800 })).toContain(
      '802 rows left out (800 duplicates, 2 bad time)\n  first: a.csv:7: no time',
    )
  })

  it('does not call outcomes and empty files rows', () => {
    const told = text({
      skipped: [
        {
          why: 'outcomes_unmatched',
          rows: 19,
          examples: ['v.csv: 19 of 90 outcomes meet no message'],
        },
        { why: 'empty_file', rows: 0, examples: ['b.csv: holds nothing'] },
      ],
    })
    expect(told).not.toContain('left out')
    expect(told).toContain('v.csv: 19 of 90 outcomes meet no message\nb.csv: holds nothing')
  })

  it('shows a file that was cut off before anything else', () => {
    const skipped = [
      { why: 'bad_time', rows: 9, examples: ['a.csv:7: no time'] },
      { why: 'truncated', rows: 1, examples: ['a.csv.gz: cut off'] },
    ]
    expect(text({ skipped })).toContain('first: a.csv.gz: cut off')
  })

  it('says first of all that much could not be read, or that a file is cut off', () => {
    const { rows } = auditResult()
    const bad = (n: number) => [{ why: 'extra_columns', rows: n, examples: ['a.csv:2: 6 columns'] }]
    expect(text({ skipped: bad(3 * rows) })).toMatch(
      /^caution +75 % of the rows could not be read: the figures are of the other [\d,]+\.\nspent/,
    )
    expect(text({ skipped: bad(Math.floor(rows / 20)) })).toMatch(/^spent/)
    const inbound = [{ why: 'inbound', rows: 3 * rows, examples: [] }]
    expect(text({ skipped: inbound })).toMatch(/^spent/)
    const cut = [{ why: 'truncated', rows: 1, examples: ['a.csv.gz: unexpected end of file'] }]
    expect(text({ skipped: cut })).toMatch(
      /^caution +A file is cut off \(a.csv.gz: unexpected end of file\)/,
    )
  })

  it('says nothing where nothing was left out', () => {
    expect(text({})).not.toContain('left out')
  })
})
