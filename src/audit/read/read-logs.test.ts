import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { column, createLogFiles, HEAD, row, rows } from '../../../test/fakes/log-files.js'
import type { ReadLogs } from './read-logs.js'

const { at, file, read } = createLogFiles()

describe('how a file may be written', () => {
  const plain = HEAD + rows(0, 3000)
  const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')
  it.each<[string, string | Uint8Array]>([
    ['plainly', plain],
    ['with a byte order mark and quotes', `\ufeff"sid"${plain.slice(3)}`],
    ['with semicolons', plain.replaceAll(',', ';')],
    ['with tabs and CRLF', plain.replaceAll(',', '\t').replaceAll('\n', '\r\n')],
    ['with bars', plain.replaceAll(',', '|')],
    ['with line ends of old Macs', plain.replaceAll('\n', '\r')],
    ['in UTF-16', utf16(plain)],
    ['in UTF-16 of the other byte order', utf16(plain).swap16()],
    ['in UTF-16 without a mark', utf16(plain).subarray(2)],
    ['gzipped', gzipSync(plain)],
    [
      'gzipped in two members',
      Buffer.concat([gzipSync(plain.slice(0, 5000)), gzipSync(plain.slice(5000))]),
    ],
    ['without a last line end', plain.trimEnd()],
  ])('%s', async (_, content) => {
    const result = await read(file(content))
    expect(result.log.size).toBe(3000)
    expect(result.skipped).toEqual([])
    expect(result.totals).toEqual({ rows: 3000, micro: 150_000_000, unpriced: 0 })
    expect(column(result, 'number')[2999]).toBe(2_348_031_202_999)
  })

  it('as pages of an API, one behind the other, in one array, or one a line', async () => {
    const message = (i: number) => ({
      sid: `SM${i}`,
      account_sid: 'AC1',
      to: `+23480312${String(i).padStart(5, '0')}`,
      date_sent: 'Sun, 01 Mar 2026 10:00:00 +0000',
      status: 'delivered',
      price: '-0.05',
      price_unit: 'USD',
      body: 'a " and a { and a [',
    })
    const list = Array.from({ length: 900 }, (_, i) => message(i))
    const page = (from: number) => ({ page: from, messages: list.slice(from, from + 300) })
    for (const content of [
      JSON.stringify(list),
      JSON.stringify({ messages: list }, null, 2),
      [0, 300, 600].map((from) => JSON.stringify(page(from), null, 1)).join('\n'),
      [0, 300, 600].map((from) => JSON.stringify(page(from))).join('\n'),
      JSON.stringify([page(0), page(300), page(600)]),
      list.map((entry) => JSON.stringify(entry)).join('\n'),
      list.map((entry) => JSON.stringify(entry, null, 2)).join(',\n'),
    ]) {
      const result = await read(file(content))
      expect(result.log.size).toBe(900)
      expect(result.skipped).toEqual([])
    }
  })

  it('as CloudWatch gives out what SNS wrote', async () => {
    const entry = JSON.stringify({
      notification: { messageId: 'm1', timestamp: '2026-03-01 10:00:00.000' },
      delivery: { destination: '+2348031234567', priceInUSD: 0.05, numberOfMessageParts: 1 },
      status: 'SUCCESS',
    })
    const events = { events: [{ ingestionTime: 1, timestamp: 1, message: entry }] }
    const stamp = '2026-03-01 10:00:00.000'
    for (const content of [
      JSON.stringify(events),
      `2026-03-01T10:00:00.000Z ${entry}\n`,
      JSON.stringify([{ '@timestamp': stamp, '@message': entry }]),
      JSON.stringify([{ '@timestamp': stamp, '@message': JSON.parse(entry) }]),
    ]) {
      const result = await read(file(content))
      expect(result.files[0]?.format).toBe('aws-sns')
      expect(column(result, 'priceMicro')).toEqual([50_000])
    }
  })

  it('in several files and by glob, each once', async () => {
    file(HEAD + rows(0, 10), 'part-1.csv')
    file(gzipSync(HEAD + rows(10, 30)), 'part-2.csv.gz')
    const seen: number[] = []
    const result = await read([at('part-*'), at('part-1.csv')], {
      onProgress: ({ bytes, total }) => seen.push(bytes / total),
    })
    expect(result.files.map(({ rows }) => rows)).toEqual([10, 20])
    expect(result.duplicates).toBe(0)
    expect(seen.at(-1)).toBe(1)
  })
})

describe('a log that does not fit', () => {
  it('keeps whole blocks, one in so many, and exact totals', async () => {
    let text = HEAD
    for (let i = 0; i < 20_000; i++)
      text += row(i, {
        to: `+2348${String((i * 7919) % 1000).padStart(5, '0')}${1000 + (i % 9000)}`,
      })
    const all = await read(file(text))
    const some = await read(file(text), { most: 4000 })
    expect(all.sampled).toBe(1)
    expect(some.sampled).toBeGreaterThanOrEqual(4)
    expect(Math.log2(some.sampled) % 1).toBe(0)
    expect(some.log.size).toBeLessThanOrEqual(4000)
    expect(some.totals).toEqual(all.totals)
    const blocks = (result: ReadLogs): Map<number, number> => {
      const counts = new Map<number, number>()
      for (const number of column(result, 'number')) {
        const block = Math.floor(number / 10_000)
        counts.set(block, (counts.get(block) ?? 0) + 1)
      }
      return counts
    }
    const whole = blocks(all)
    const kept = blocks(some)
    for (const [block, count] of kept) expect(whole.get(block)).toBe(count)
    expect(kept.size * some.sampled).toBeGreaterThan(whole.size * 0.6)
    expect(kept.size * some.sampled).toBeLessThan(whole.size * 1.5)
  })
})
