import { describe, expect, it } from 'vitest'
import { column, createLogFiles, HEAD, row, rows, skips } from '../../../test/fakes/log-files.js'
import { createRandom } from '../../lab/random.js'

const { fault, file, read } = createLogFiles()

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
