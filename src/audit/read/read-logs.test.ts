import { Buffer } from 'node:buffer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../lab/random.js'
import { OUTCOME } from '../message-log.js'
import { type ReadLogs, type ReadOptions, readLogs } from './read-logs.js'

const now = Date.UTC(2026, 5, 1)
let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'audit-read-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

let files = 0
function file(content: string | Uint8Array, name = `log-${++files}.csv`): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}
const read = (paths: string | string[], options: Partial<ReadOptions> = {}): Promise<ReadLogs> =>
  readLogs({ now, ...options, paths: [paths].flat() })
const skips = ({ skipped }: ReadLogs): Record<string, number> =>
  Object.fromEntries(skipped.map(({ why, rows }) => [why, rows]))
const column = ({ log }: ReadLogs, name: 'at' | 'number' | 'priceMicro' | 'masked' | 'outcome') => [
  ...log.columns[name].subarray(0, log.size),
]
/** What the error says, with paths taken out. */
async function fault(reading: Promise<ReadLogs>): Promise<string> {
  const error: unknown = await reading.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toMatchObject({ name: 'LogError' })
  return (error as Error).message.replaceAll(`${dir}/`, '')
}

const HEAD = 'sid,date_sent,from,to,status,price,price_unit,num_segments,error_code,direction\n'
const row = (i: number, changes: Partial<Record<string, string>> = {}): string => {
  const fields: Record<string, string> = {
    sid: `SM${String(i).padStart(32, '0')}`,
    at: new Date(Date.UTC(2026, 2, 1) + i * 1000).toISOString(),
    from: '+15005550006',
    to: `+23480312${String(i).padStart(5, '0')}`,
    status: 'delivered',
    price: '-0.05',
    unit: 'USD',
    segments: '1',
    error: '',
    direction: 'outbound-api',
  }
  return `${Object.values({ ...fields, ...changes }).join(',')}\n`
}
const rows = (from: number, to: number): string => {
  let text = ''
  for (let i = from; i < to; i++) text += row(i)
  return text
}

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
    for (const content of [JSON.stringify(events), `2026-03-01T10:00:00.000Z ${entry}\n`]) {
      const result = await read(file(content))
      expect(result.files[0]?.format).toBe('aws-sns')
      expect(column(result, 'priceMicro')).toEqual([50_000])
    }
  })

  it('in several files and by glob, each once', async () => {
    file(HEAD + rows(0, 10), 'part-1.csv')
    file(gzipSync(HEAD + rows(10, 30)), 'part-2.csv.gz')
    const seen: number[] = []
    const result = await read([join(dir, 'part-*'), join(dir, 'part-1.csv')], {
      onProgress: ({ bytes, total }) => seen.push(bytes / total),
    })
    expect(result.files.map(({ rows }) => rows)).toEqual([10, 20])
    expect(result.duplicates).toBe(0)
    expect(seen.at(-1)).toBe(1)
  })
})

describe('what a row may hold', () => {
  it('counts what it does not use, with the first examples and their lines, numbers masked', async () => {
    const result = await read(
      file(
        HEAD +
          row(1) +
          row(2, { to: '+234 803 12AB 4567 890' }) +
          row(3, { at: 'soon' }) +
          row(4, { price: 'dear' }) +
          row(5, { at: '2031-01-01T00:00:00Z' }) +
          row(6, { direction: 'inbound' }) +
          row(7, { status: 'canceled' }) +
          row(8, { to: 'whatsapp:+447700900123' }) +
          'SM9,2026-03-01T00:00:00Z\n' +
          row(10, { direction: 'outbound-api,and,more' }) +
          row(11, { to: '2.34803E+12' }) +
          row(1),
        'odd.csv',
      ),
    )
    expect(skips(result)).toEqual({
      bad_number: 1,
      rounded_number: 1,
      bad_time: 1,
      bad_price: 1,
      future: 1,
      inbound: 1,
      not_sent: 1,
      other_channel: 1,
      columns_missing: 1,
      extra_columns: 1,
    })
    expect(result.duplicates).toBe(1)
    expect(result.log.size).toBe(1)
    const examples = result.skipped.flatMap((skipped) => skipped.examples).join('\n')
    expect(examples).toContain('odd.csv:4: date_sent is "soon"')
    expect(examples).toContain('odd.csv:5: price is "dear"')
    expect(examples).not.toMatch(/\d{9}|4567/)
  })

  it('does not tell of a currency whose messages were all duplicates', async () => {
    const result = await read(file(HEAD + rows(0, 3) + row(0, { unit: 'EUR' })))
    expect(result.duplicates).toBe(1)
    expect(result.skipped).toEqual([])
  })

  it('joins prices of one currency only and says what the others are', async () => {
    const log = file(
      HEAD +
        rows(0, 5) +
        row(5, { unit: 'EUR' }) +
        row(6, { unit: 'eur', price: '-0.10' }) +
        row(7, { price: '' }),
    )
    const usd = await read(log)
    expect(usd.totals).toEqual({ rows: 6, micro: 250_000, unpriced: 1 })
    expect(skips(usd)).toEqual({ other_currency: 2 })
    expect(usd.skipped[0]?.examples[0]).toContain('2 messages are billed in EUR (0.15)')
    const eur = await read(log, { currency: 'eur' })
    expect(column(eur, 'priceMicro')).toEqual([50_000, 100_000])
    expect(await fault(read(log, { currency: 'CHF' }))).toContain('no message in CHF was found')
  })

  it('takes rows without ids for one where number, time and price agree, but not masked ones', async () => {
    const line = (to: string, price = '0.05'): string => `2026-03-01 10:00:05,${to},${price}\n`
    const result = await read(
      file(
        `at,to,price\n${line('+2348031234567').repeat(2)}${line('+2348031234567', '0.06')}${line('+23480312XXXX').repeat(3)}`,
      ),
    )
    expect(result.duplicates).toBe(1)
    expect(result.log.size).toBe(5)
    expect(column(result, 'masked')).toEqual([0, 0, 4, 4, 4])
  })

  it('lets a repeated id complete the first row', async () => {
    const result = await read(
      file(HEAD + row(1, { status: 'sent', price: '' }) + row(1, { status: 'delivered' })),
    )
    expect(result.duplicates).toBe(1)
    expect(result.totals).toEqual({ rows: 1, micro: 50_000, unpriced: 0 })
    expect(column(result, 'priceMicro')).toEqual([50_000])
  })

  it('reads local times and national numbers where it is told of where', async () => {
    const log = file(
      'at,to,price\n01/03/2026 10:00,0803 123 4567,1\n13/03/2026 10:00,234 803 123 4568,1\n',
    )
    const result = await read(log, { timezone: 'Africa/Lagos', country: 'NG' })
    expect(column(result, 'number')).toEqual([2_348_031_234_567, 2_348_031_234_568])
    expect(column(result, 'at').map((at) => new Date(at).toISOString())).toEqual([
      '2026-03-01T09:00:00.000Z',
      '2026-03-13T09:00:00.000Z',
    ])
    expect(skips(await read(log))).toEqual({ bad_number: 1 })
    expect(await fault(read(log, { timezone: 'Mars/Base' }))).toContain('no time zone "Mars/Base"')
    expect(await fault(read(log, { country: 'Nigeria' }))).toContain(
      '"Nigeria" has no numbering plan',
    )
  })

  it('warns of numbers that look national', async () => {
    const list = ['4155550123', '2125550145', '7135550167', '3055550189']
    const result = await read(
      file(`at,to,price\n${list.map((to) => `2026-03-01 10:00:00,${to},1\n`).join('')}`),
    )
    expect(result.skipped).toMatchObject([{ why: 'ambiguous_numbers', rows: 0 }])
    const told = await read(
      file(`at,to,price\n${list.map((to) => `2026-03-01 10:00:00,${to},1\n`).join('')}`),
      { country: 'US' },
    )
    expect(told.skipped).toEqual([])
    expect(column(told, 'number')[0]).toBe(14_155_550_123)
  })

  it('refuses numbers that certainly have no calling code: hashes, or national ones', async () => {
    const random = createRandom(1)
    const logOf = (number: () => string): string =>
      file(
        `${HEAD}${Array.from({ length: 60 }, (_, i) => row(i, { to: number() })).join('')}`
          .replaceAll('date_sent', 'at')
          .replaceAll('sid', 'key'),
      )
    const hashes = logOf(() => String(random.below(2 ** 32 - 1)))
    expect(await fault(read(hashes, { map: 'to=to,at=at' }))).toMatch(
      /of the numbers without a plus sign \d+ % are of no country.*\n.*--country NG.*\n.*hashes/,
    )
    const national = logOf(() => `80312${10_000 + random.below(89_999)}`)
    expect(await fault(read(national, { map: 'to=to,at=at' }))).toContain('--country NG')
    const told = await read(national, { map: 'to=to,at=at', country: 'NG' })
    expect(String(column(told, 'number')[0])).toMatch(/^23480312/)
    const cut = await read(
      logOf(() => `+2348${random.below(9_000) + 1_000}`),
      { map: 'to=to,at=at' },
    )
    expect(cut.skipped).toMatchObject([{ why: 'strange_numbers', rows: 0 }])
    expect(cut.skipped[0]?.examples[0]).toContain('put an x for each')
  })

  it('sets numbers aside that a spreadsheet rounded, and tells a hash', async () => {
    const result = await read(
      file(
        HEAD +
          rows(0, 5) +
          ['2.34803E+12', '"2,34803E+12"', '2348030000000', '+2350000000000']
            .map((to, i) => row(10 + i, { to }))
            .join('') +
          row(20, { to: '9f86d081884c7d659a2feaa0c55ad015' }),
      ),
    )
    expect(skips(result)).toEqual({ rounded_number: 4, bad_number: 1 })
    expect(result.skipped.flatMap(({ examples }) => examples).join()).toMatch(
      /without opening it there.*a hash: ranges are told by the first digits/s,
    )
    expect(column(result, 'number')).toHaveLength(5)
  })

  it('takes a number that ends in zeros for one where no others do', async () => {
    const result = await read(
      file(
        HEAD + rows(0, 30) + row(40, { to: '+8801710000000' }) + row(41, { to: '+8801720000000' }),
      ),
    )
    expect(result.skipped).toEqual([])
    expect(column(result, 'number')).toHaveLength(32)
  })

  it('reads no price of a failed message as none charged, of any other as not known', async () => {
    const result = await read(
      file(HEAD + row(1, { status: 'failed', price: '' }) + row(2, { price: '' }) + row(3)),
    )
    expect(column(result, 'priceMicro')).toEqual([0, Number.NaN, 50_000])
    expect(result.totals).toEqual({ rows: 3, micro: 50_000, unpriced: 1 })
  })

  it('reads dates that could be either by the shorter time they span, and says so where none tells', async () => {
    const days = ['03/04/2026', '04/04/2026', '05/04/2026']
    const log = file(
      `at,to,price\n${days.map((day, i) => `${day} 10:00,+23480312345${10 + i},1\n`).join('')}`,
    )
    expect(column(await read(log), 'at').map((at) => new Date(at).getUTCMonth())).toEqual([3, 3, 3])
    const one = await read(file('at,to,price\n03/04/2026 10:00,+2348031234567,1\n'))
    expect(one.skipped).toMatchObject([{ why: 'ambiguous_dates', rows: 0 }])
  })
})

describe('a header', () => {
  it('may stand below other lines, and again among the rows, with other columns', async () => {
    const result = await read(
      file(
        `Message log\nfrom,2026-03-01\n\n${HEAD}${rows(0, 3)}${HEAD}${rows(3, 5)}sid,to,date_sent,price,price_unit\nSMx,+2348031299999,2026-03-02T00:00:00Z,-0.07,USD\n`,
      ),
    )
    expect(result.log.size).toBe(6)
    expect(column(result, 'priceMicro').at(-1)).toBe(70_000)
    expect(skips(result)).toEqual({ preamble: 2, repeated_header: 2 })
  })

  it('that nobody knows ends in a mapping to pass, which then works', async () => {
    const log = file(
      'recipient;created;cost;carrier state;memo\n+2348031234567;01.03.2026 10:00;0,05;delivered;x\n+2348031234568;01.03.2026 10:01;0,06;failed;y\n',
      'own.csv',
    )
    const message = await fault(read(log))
    expect(message).toContain('own.csv: its columns are of no known log')
    expect(message).toContain('5 columns: recipient | created | cost | carrier state | memo')
    expect(message).toContain('+23480******67 | 01.03.2026 10:00 | 0,05')
    const map = /--map (\S+)$/m.exec(message)?.[1]
    expect(map).toBe('to=recipient,at=created,price=cost,status=4')
    const result = await read(log, { map: map ?? '' })
    expect(result.files[0]?.format).toBe('mapped')
    expect(column(result, 'priceMicro')).toEqual([50_000, 60_000])
  })

  it('may be missing: columns go by their numbers', async () => {
    const log = file(
      '1,+2348031234567,2026-03-01 10:00:00,0.05\n2,+2348031234568,2026-03-01 10:00:01,0.05\n',
    )
    const message = await fault(read(log))
    expect(message).toContain('without names of columns')
    const map = /--map (\S+)$/m.exec(message)?.[1] ?? ''
    expect(map).toContain('to=2,at=3')
    expect((await read(log, { map: 'to=2,at=3,price=4,id=1' })).log.size).toBe(2)
  })

  it('without names takes the recipients and not the sender, and the price', async () => {
    const log = file(
      '+15005550006,2348031234567,2026-03-01 10:00:00,-0.05\n+15005550006,2348031234568,2026-03-01 10:00:01,-0.05\n',
    )
    const map = /--map (\S+)$/m.exec(await fault(read(log)))?.[1] ?? ''
    expect(map).toBe('to=2,at=3,price=4')
    expect(column(await read(log, { map }), 'number')).toEqual([
      2_348_031_234_567, 2_348_031_234_568,
    ])
  })

  it('tells of numbers that a spreadsheet rounded', async () => {
    const message = await fault(read(file('phone,when\n2.34803E+12,2026-03-01 10:00:00\n')))
    expect(message).toContain('Column phone has numbers that a spreadsheet rounded')
  })

  it('is proposed for JSON as well, by paths', async () => {
    const log = file(
      '{"data":{"phone":"+2348031234567"},"when":1772359205,"cost":{"v":0.05}}\n',
      'x.ndjson',
    )
    const message = await fault(read(log))
    expect(message).toContain('data.phone | when | cost.v')
    const result = await read(log, { map: 'to=data.phone,at=when,price=cost.v' })
    expect(column(result, 'priceMicro')).toEqual([50_000])
  })

  it('finds numbers without a calling code, and asks for their country', async () => {
    const log = file(
      'customer phone,sent on,cost\n0803 123 4567,2026-03-01 10:00:00,0.05\n08031234568,2026-03-01 10:01:00,0.05\n',
    )
    const message = await fault(read(log))
    expect(message).toContain('Its numbers have no calling code')
    const [, map = ''] = /--map (\S+)$/.exec(message) ?? []
    const result = await read(log, { map, country: 'NG' })
    expect(column(result, 'number')).toEqual([2_348_031_234_567, 2_348_031_234_568])
  })

  it('without what is needed says what is missing', async () => {
    const message = await fault(read(file('name,city\nAda,Lagos\n')))
    expect(message).toContain('No column looks like the number a message went to.')
    expect(message).toContain('No column looks like the time of a message.')
    expect(message).toContain('--map to=COLUMN,at=COLUMN')
    const log = file(HEAD + rows(0, 1))
    expect(await fault(read(log, { map: 'to=phone' }))).toContain(
      '--map to=phone: there is no such column',
    )
    expect(await fault(read(log, { map: 'to:phone' }))).toContain('"to:phone" is not role=column')
    expect(await fault(read(log, { map: 'to=a,at=b,to=c' }))).toContain(
      '--map: to is given twice, as a and as c; keep one of the two',
    )
  })
})

describe('what is no log', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['an empty file', '', 'no message was found in'],
    ['blanks', ' \n\n', 'no message was found in'],
    ['a header alone', HEAD, 'holds a header and no row below it'],
    ['a header of no known log alone', 'a,b,c\n', 'holds a header and no row below it: a | b | c'],
    ['an empty list', '[]', 'no message was found in'],
    [
      'a program',
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]),
      'is binary and no log',
    ],
    [
      'a workbook',
      Buffer.from('PK\u0003\u0004rest'),
      'Excel workbook; unpack it, or save the sheet as CSV',
    ],
    ['a database', 'SQLite format 3\u0000', 'SQLite database'],
    ['broken Parquet', 'PAR1PAR1', 'is no readable Parquet file'],
    [
      'another delimiter',
      'sid^to^date_sent^price\nSM1^+2348031234567^2026-03-01^-0.05\n',
      'no comma, semicolon, tab or vertical bar separates columns',
    ],
    ['prose', 'Dear all,\nhere is the log.\n', 'its columns are of no known log'],
    [
      'only bad rows',
      HEAD + row(1, { to: 'Ada' }) + row(2, { to: 'Bob' }),
      'none of its 2 rows is a message',
    ],
    ['only inbound rows', HEAD + row(1, { direction: 'inbound' }), 'inbound: 1 rows'],
    ['broken JSON', '{"sid": "SM1", "to": \n', 'no message was found in'],
    ['broken NDJSON', '{"sid":"SM1"\n{"sid":"SM2"\n', 'none of its 2 rows'],
  ])('%s is refused', async (_, content, says) => {
    expect(await fault(read(file(content)))).toContain(says)
  })

  it('neither is a directory, nor a file that is not there', async () => {
    expect(await fault(read(dir))).toContain('is a directory')
    expect(await fault(read(join(dir, 'none.csv')))).toContain('there is no file none.csv')
    expect(await fault(read(join(dir, 'none-*.csv')))).toContain('no file matches none-*.csv')
  })

  it('is counted beside files that are', async () => {
    const result = await read([file(''), file(HEAD + rows(0, 2))])
    expect(result.skipped).toMatchObject([{ why: 'empty_file', rows: 0 }])
    expect(result.log.size).toBe(2)
  })

  it('an archive that is cut off or damaged is read as far as it goes, and said to be', async () => {
    const packed = gzipSync(HEAD + rows(0, 40_000))
    const damaged = Buffer.from(packed)
    damaged.fill(0xff, packed.length - 20_000, packed.length - 19_000)
    for (const content of [packed.subarray(0, packed.length - 3000), damaged]) {
      const result = await read(file(content))
      expect(result.log.size).toBeGreaterThan(1000)
      expect(result.log.size).toBeLessThan(40_000)
      expect(result.skipped.map(({ why }) => why)).toContain('truncated')
      // the record at the cut is not half read
      expect(new Set(column(result, 'priceMicro'))).toEqual(new Set([50_000]))
      expect(column(result, 'number').every((number) => number > 2e12)).toBe(true)
    }
  })

  it('lines of NDJSON that are broken are counted, and those behind them read', async () => {
    const good = (i: number): string =>
      JSON.stringify({ id: `m${i}`, to: '+2348031234567', at: 1_772_359_205_000 + i, price: 0.05 })
    const result = await read(
      file(`${good(1)}\n{"to": "+23480312\n${good(2)}\nnot json\n${good(3)}\n`),
    )
    expect(result.log.size).toBe(3)
    expect(skips(result)).toEqual({ bad_json: 2 })
    expect(result.skipped[0]?.examples[0]).toMatch(/:2: no JSON object/)
  })
})

describe('outcomes', () => {
  const log = (): string => file(HEAD + rows(0, 100))
  const at = (i: number, later = 0): string =>
    new Date(Date.UTC(2026, 2, 1) + i * 1000 + later * 1000).toISOString()
  const to = (i: number): string => `+23480312${String(i).padStart(5, '0')}`

  it('join by number within ten minutes after the message', async () => {
    const outcomes = file(
      `phone,verified_at\n${to(3)},${at(3, 30)}\n${to(5)},${at(5, 700)}\n${to(7)},${at(7, 599)}\n+2348031299999,${at(9)}\n`,
    )
    const result = await read(log(), { outcomes })
    const found = column(result, 'outcome')
    expect(result.outcomes).toBe('file')
    expect(found.flatMap((outcome, i) => (outcome === OUTCOME.verified ? [i] : []))).toEqual([3, 7])
    expect(found[4]).toBe(OUTCOME.unverified)
    expect(skips(result)).toEqual({ outcomes_unmatched: 2 })
  })

  it('credit the last of several messages, and leave what they do not cover unknown', async () => {
    const messages = [0, 60, 120, 7200].map((second, i) =>
      row(1, { sid: `SM${i}`, at: at(0, second) }),
    )
    const result = await read(file(HEAD + messages.join('')), {
      outcomes: file(`to,at\n${to(1)},${at(0, 100)}\n`),
    })
    expect(column(result, 'outcome')).toEqual([
      OUTCOME.unverified,
      OUTCOME.verified,
      // after the last outcome nothing is known
      OUTCOME.unknown,
      OUTCOME.unknown,
    ])
  })

  it('join by id, with words for them', async () => {
    const id = (i: number): string => `SM${String(i).padStart(32, '0')}`
    const outcomes = file(
      `{"id":"${id(3)}","verified":true}\n{"id":"${id(4)}","verified":false}\n{"id":"${id(8)}","verified":true}\n`,
      'outcomes.ndjson',
    )
    const found = column(await read(log(), { outcomes }), 'outcome')
    expect(found[3]).toBe(OUTCOME.verified)
    expect(found[4]).toBe(OUTCOME.unverified)
    expect(found[8]).toBe(OUTCOME.verified)
    expect(found[99]).toBe(OUTCOME.unknown)
  })

  it('join masked messages by what is left of their numbers', async () => {
    const masked = file(
      `at,to,price\n2026-03-01 10:00:00,+23480312XXXX,1\n2026-03-01 10:00:00,+23480399XXXX,1\n`,
    )
    const outcomes = file('to,at\n+234803121234,2026-03-01 10:00:20\n')
    expect(column(await read(masked, { outcomes }), 'outcome')[0]).toBe(OUTCOME.verified)
  })

  it('that meet nothing, or have nothing to join by, are refused', async () => {
    const other = file(`to,at\n${to(1)},2025-01-01T00:00:00Z\n`)
    const message = await fault(read(log(), { outcomes: other }))
    expect(message).toContain('none of its 1 outcomes meets a message')
    expect(message).toContain('messages are of 2026-03-01T00:00:00.000Z')
    expect(await fault(read(log(), { outcomes: file('name,city\nAda,Lagos\n') }))).toContain(
      '--outcomes: ',
    )
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
