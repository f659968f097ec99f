import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLogs } from '../../src/audit/read/read-logs.js'
import { readInvoice } from '../../src/audit/reconcile/read-invoice.js'
import { readEntries } from '../../src/desk/lists/read-entries.js'
import { readLabels, readTraffic } from '../../src/lab/traffic.js'
import { parsePrices } from '../../src/phone/prices.js'
import { budget, within } from './budget.js'
import { damaged, torn } from './damage.js'
import { logFiles } from './logs.js'
import { NUMBERS, oddText } from './odd.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-fuzz-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const NOW = Date.UTC(2026, 10, 21)
let files = 0
function file(content: Buffer, ending: string): string {
  files += 1
  const path = join(folder, `f${files % 8}${ending}`)
  writeFileSync(path, content)
  return path
}

/** What was read, or `null` for a file that was refused in words. Any other error is ours. */
async function readOrRefused<T>(work: Promise<T>, refusal: string): Promise<T | null> {
  try {
    return await within(() => 'reading', work)
  } catch (error) {
    if (error instanceof Error && error.name === refusal) {
      expect(error.message).toMatch(/\S/)
      return null
    }
    throw error
  }
}

describe('message logs', () => {
  const endings = fc.constantFrom('.csv', '.ndjson', '.json', '.txt', '.tsv', '')
  const packed = fc.oneof(
    { weight: 3, arbitrary: logFiles },
    { weight: 1, arbitrary: logFiles.map((log) => gzipSync(log)) },
    { weight: 1, arbitrary: torn(logFiles.map((log) => gzipSync(log))) },
    // packed twice, and two packed files one behind the other
    {
      weight: 1,
      arbitrary: fc
        .tuple(logFiles, logFiles)
        .map(([a, b]) => Buffer.concat([gzipSync(gzipSync(a)), gzipSync(b)])),
    },
  )

  test('of any kind are read into messages that make sense, or refused in words', async () => {
    await fc.assert(
      fc.asyncProperty(
        packed,
        endings,
        fc.option(fc.constantFrom('to=to,at=at', 'to=0,at=1,price=2', '=,', 'to=to,at=__proto__')),
        async (log, ending, map) => {
          const paths = [file(log, ending)]
          const read = await readOrRefused(
            readLogs({ paths, now: NOW, ...(map !== null && { map }) }),
            'LogError',
          )
          if (read === null) return
          const { columns, size } = read.log
          expect(size).toBeGreaterThan(0)
          for (let i = 0; i < size; i++) {
            expect(Number.isFinite(columns.at[i])).toBe(true)
            expect(columns.at[i]).toBeLessThanOrEqual(NOW + 86_400_000)
            expect(columns.number[i]).toBeGreaterThan(0)
          }
          expect(Number.isFinite(read.totals.micro)).toBe(true)
        },
      ),
      budget(300),
    )
  })

  test('as outcomes of another log', async () => {
    const log = readFileSync(new URL('../fixtures/logs/twilio-messages.csv', import.meta.url))
    await fc.assert(
      fc.asyncProperty(logFiles, endings, async (outcomes, ending) => {
        const paths = [file(log, '.csv')]
        await readOrRefused(
          readLogs({ paths, outcomes: file(outcomes, ending), now: NOW }),
          'LogError',
        )
      }),
      budget(60),
    )
  })

  test('as invoices', () => {
    fc.assert(
      fc.property(logFiles, (log) => {
        try {
          readInvoice(file(log, '.csv'), 'invoice.csv')
        } catch (error) {
          if (!(error instanceof Error && error.name === 'LogError')) throw error
        }
      }),
      budget(150),
    )
  })
})

describe('price files', () => {
  const number = fc.oneof(
    fc.constantFrom(...NUMBERS.map(String)),
    fc.constantFrom('0.11', '1,1', '$1', ' 2 ', '1e-9'),
    oddText,
  )
  const csv = fc
    .tuple(
      fc.constantFrom(
        'country,price',
        'prefix,price,currency',
        'mcc,mnc,price',
        'COUNTRY;PRICE',
        'price',
        '',
      ),
      fc.array(
        fc.tuple(
          fc.constantFrom('NG', '+234', '621', '*', '"NG"', 'ZZ', '\u0000'),
          number,
          fc.constantFrom('USD', 'EUR', ''),
        ),
        { maxLength: 8 },
      ),
    )
    .map(([head, rows]) => [head, ...rows.map((row) => row.join(','))].join('\n'))
  const twilio = fc.record({
    iso_country: fc.constantFrom('NG', 'ng', '', '__proto__'),
    price_unit: fc.constantFrom('USD', 'usd', 'EUR', ''),
    outbound_sms_prices: fc.array(
      fc.record({
        mcc: number,
        prices: fc.array(fc.record({ current_price: number }), { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
  })
  const json = damaged(fc.oneof(twilio, fc.array(twilio, { maxLength: 3 }))).map(
    (value) => JSON.stringify(value) ?? '',
  )
  const text = fc.oneof(
    csv,
    json,
    torn(csv.map((t) => Buffer.from(t))).map(String),
    torn(json.map((t) => Buffer.from(t))).map(String),
  )

  test('of any kind are a table of finite prices, or refused with places and remedies', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const read = await readOrRefused(
          Promise.resolve().then(() => parsePrices(content, { rates: { EUR: 1.08 } })),
          'PriceFileError',
        )
        if (read === null) return
        const dearest = read.dearest('NG', '234')
        expect(Number.isSafeInteger(dearest), String(dearest)).toBe(true)
        expect(dearest).toBeGreaterThan(0)
      }),
      budget(1_500),
    )
  })
})

describe('traffic files', () => {
  const row = fc.record({
    id: fc.oneof(fc.constant('a'), oddText),
    at: fc.constantFrom(...NUMBERS, NOW),
    to: oddText,
    service: oddText,
    potential: fc.constantFrom(null, {}, { deliveredMs: 1, verifiedMs: null }),
    label: fc.constantFrom('legit', 'attack', '', 3),
  })
  const lines = fc
    .array(damaged(row), { maxLength: 6 })
    .map((rows) => Buffer.from(rows.map((one) => JSON.stringify(one)).join('\n')))
  const content = fc.oneof(lines, torn(lines))

  test.each([
    ['traffic', readTraffic],
    ['labels', readLabels],
  ])('of %s end in rows or in the line that is wrong', async (_what, read) => {
    const all = async (path: string): Promise<number> => {
      let rows = 0
      for await (const _ of read(path)) rows++
      return rows
    }
    await fc.assert(
      fc.asyncProperty(
        content,
        fc.constantFrom('plain', 'packed', 'torn'),
        fc.nat(400),
        async (text, way, end) => {
          const whole = way === 'plain' ? text : gzipSync(text)
          const bytes = way === 'torn' ? whole.subarray(0, end % whole.length) : whole
          await readOrRefused(
            all(file(bytes, way === 'plain' ? '.ndjson' : '.ndjson.gz')),
            'TrafficError',
          )
        },
      ),
      budget(200),
    )
  })
})

describe('lists to import', () => {
  test('are entries and problems with their lines, whatever was pasted', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '+2348031*',
        '105.112.0.0/16 until 2026-12-01',
        'NG # x',
        'AS37148,note',
        '::/0',
        '0.0.0.0/0',
        '*',
      ),
      oddText,
    )
    const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, (pasted) => {
        const { entries, problems } = readEntries(pasted, NOW)
        const lines = pasted.split('\n').length
        expect(entries.length + problems.length).toBeLessThanOrEqual(lines * 3)
        for (const problem of problems) expect(problem.message).toMatch(/\S/)
        for (const { expiresAt } of entries)
          expect(expiresAt === null || Number.isSafeInteger(expiresAt)).toBe(true)
      }),
      budget(500),
    )
  })
})
