import { Buffer } from 'node:buffer'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCsvScanner } from './csv-scanner.js'
import { textsOf } from './fields.js'

function scan(text: string, { size = text.length + 1, cut = false } = {}) {
  const rows: string[][] = []
  const lines: number[] = []
  const broken: number[] = []
  const scanner = createCsvScanner(44, 10, {
    record(fields, line) {
      rows.push(textsOf(fields))
      lines.push(line)
    },
    broken: (line) => broken.push(line),
  })
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size))
  scanner.end(cut)
  return { rows, lines, broken }
}

describe('the CSV scanner', () => {
  it('knows quotes, line ends inside them, CRLF, blanks and a last line without an end', () => {
    const text = 'a,b,c\r\n"1,5","two\nlines",\r\n\r\n x , "y" ,z'
    expect(scan(text)).toEqual({
      rows: [
        ['a', 'b', 'c'],
        ['1,5', 'two\nlines', ''],
        ['x', 'y', 'z'],
      ],
      lines: [1, 2, 5],
      broken: [],
    })
  })

  it('cuts as csv-parse does, wherever the pieces end', () => {
    // doubled quotes are left as they are, so none are generated
    const field = fc.string({ unit: fc.constantFrom('a', '1', ',', '\n', '+', ';', '.') })
    const table = fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { minLength: 1 })
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 20 }), (rows, size) => {
        const text = rows
          .map((row) => row.map((value) => (/[,\n]/.test(value) ? `"${value}"` : value)).join(','))
          .join('\n')
        const expected: string[][] = parse(text, { relax_column_count: true })
        expect(scan(text, { size }).rows).toEqual(expected)
      }),
    )
  })

  it('gives up the line of a quote that never closes, and no other', () => {
    const { rows, broken } = scan('a,b\n1,2\n3,"4\n5,6\n7,8')
    expect(rows).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['5', '6'],
      ['7', '8'],
    ])
    expect(broken).toEqual([3])
  })

  it('leaves out a last record that may have been cut', () => {
    expect(scan('a,b\n1,23', { cut: true })).toMatchObject({ rows: [['a', 'b']], broken: [2] })
  })

  it('gives up a record of more than a megabyte', () => {
    const { rows, broken } = scan(`a,b\n1,"${'x'.repeat(3 << 20)}\n2,3\n`, { size: 1 << 16 })
    expect(rows).toEqual([
      ['a', 'b'],
      ['2', '3'],
    ])
    expect(broken).toEqual([2])
  })
})
