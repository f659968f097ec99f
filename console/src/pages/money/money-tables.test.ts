import { expect, it } from 'vitest'
import { csvText } from '../../../../src/audit/report/csv'
import { moneyOfMonth } from '../../../../src/report/money'
import { emptyTally } from '../../../../src/report/tally'
import { MONEY_TABLES } from './money-tables'

const DAY = 86_400_000
const FROM = Date.UTC(2026, 10, 1)
const sent = {
  ...emptyTally(),
  ...{ requests: 4, denied: 1, sends: 3, verified: 2, failed: 0, lost: 1, refusedNumbers: 1 },
  ...{ spendMicroUsd: 330_001, verifiedMicroUsd: 220_000, lostMicroUsd: 110_001 },
  savedMicroUsd: 110_000,
}
const money = moneyOfMonth({
  ...{ month: '2026-11', from: FROM, to: FROM + 30 * DAY, now: FROM + 2 * DAY, peopleRefused: 0 },
  days: [{ ...sent, at: FROM + DAY, service: '', parent: '', key: '' }],
  before: [],
  countries: [{ ...sent, key: 'TR', parent: '' }],
  operators: [
    { ...sent, key: '=HYPERLINK("http://evil.example";"Türk Telekom")', parent: 'TR' },
    { ...emptyTally(), key: '@SUM(1,2)', parent: 'TR' },
  ],
  providers: [{ ...sent, key: 'primary', parent: '' }],
})
const linesOf = (table: keyof typeof MONEY_TABLES): string[] =>
  csvText(...MONEY_TABLES[table](money)).split('\r\n')

it('a month by country has the figures of the page in dollars, and names its units', () => {
  const [titles = '', turkey = '', end] = linesOf('countries')
  const row = Object.fromEntries(
    titles.split(',').map((title, i) => [title, turkey.split(',')[i] ?? '']),
  )
  expect(row).toEqual({
    ...{ country: 'TR', country_name: 'Türkiye', requests: '4', challenged_requests: '0' },
    ...{ held_requests: '0', denied_requests: '1', messages: '3', verified_messages: '2' },
    ...{ failed_messages: '0', conversion_percent: '66.67', spend_usd: '0.330001' },
    ...{ verified_usd: '0.22', wasted_usd: '0.110001', open_usd: '0', saved_usd: '0.11' },
    ...{ would_save_usd: '0', refused_numbers: '1' },
  })
  expect(end).toBe('')
})

it('every day of the month has a line, and those without traffic no conversion', () => {
  const [, first, second, ...rest] = linesOf('days')
  expect(first).toMatch(/^2026-11-01,0,0,0,0,0,0,0,,0,/)
  expect(second).toMatch(/^2026-11-02,4,0,0,1,3,2,0,66.67,0.330001,/)
  expect(rest.at(-2)).toMatch(/^2026-11-30,/)
})

it('a name that a spreadsheet would run is a text in it', () => {
  const [, first, second] = linesOf('operators')
  expect(first).toMatch(/^"'=HYPERLINK\(""http:\/\/evil.example"";""Türk Telekom""\)",TR,4,/)
  expect(second).toMatch(/^"'@SUM\(1,2\)",TR,0,/)
})

it('providers have no requests', () => {
  expect(linesOf('providers')[0]).toBe(
    'provider,messages,verified_messages,failed_messages,conversion_percent,spend_usd,verified_usd,wasted_usd,open_usd',
  )
})
