import { expect, it } from 'vitest'
import { moneyOfMonth } from './money.js'
import { monthlyReport } from './monthly.js'
import { changeOf, monthlyText } from './report-text.js'
import { emptyTally } from './tally.js'

it('a change is told in percent while that can be read, and in times from tenfold on', () => {
  expect(changeOf(112, 100)).toBe('+12 %')
  expect(changeOf(39, 100)).toBe('−61 %')
  expect(changeOf(999, 100)).toBe('+899 %')
  expect(changeOf(1_000, 100)).toBe('10 times')
  expect(changeOf(256_117, 100)).toBe('2,561 times')
  expect(changeOf(100, 100)).toBe('unchanged')
  expect(changeOf(0, 0)).toBe('unchanged')
  expect(changeOf(7, 0)).toBe('none before')
})

it('of providers a month tells what they sent, and nothing of requests, which they do not see', () => {
  const sum = { ...emptyTally(), sends: 93, failed: 4, verified: 60, spendMicroUsd: 10_230_000 }
  const money = moneyOfMonth({
    ...{ month: '2026-10', from: 0, to: 0, days: [], before: [], countries: [], operators: [] },
    ...{ providers: [{ ...sum, key: 'own', parent: '' }], peopleRefused: 0 },
  })
  const { sections } = monthlyText(monthlyReport(money, [], 0))
  expect(sections.find(({ title }) => title === 'Providers')?.table).toEqual({
    head: ['Provider', 'Sent', 'Not delivered', 'Verified', 'Spend', 'Wasted'],
    rows: [['own', '93', '4', '65 %', 'USD 10.23', 'USD 0.00']],
  })
})
