import { describe, expect, it } from 'vitest'
import type { Tally } from '../ledger/console-port.js'
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

it('a month under way is not set against a part of the one before', () => {
  const tally = { ...emptyTally(), sends: 10, spendMicroUsd: 1_100_000 }
  const day = (at: number) => ({ ...tally, at, service: 'signup', key: '', parent: '' })
  const headOf = (now: number) => {
    const money = moneyOfMonth({
      ...{ month: '2026-11', from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1), now },
      ...{ days: [day(Date.UTC(2026, 10, 1))], before: [day(Date.UTC(2026, 9, 1))] },
      ...{ countries: [], operators: [], providers: [], peopleRefused: 0 },
    })
    return monthlyText(monthlyReport(money, [], now)).sections[0]?.table?.head
  }
  expect(headOf(Date.UTC(2026, 10, 3))).not.toContain('Month before')
  expect(headOf(Date.UTC(2026, 11, 1))).toContain('Month before')
})

describe('of providers a month', () => {
  const sum = { ...emptyTally(), sends: 93, failed: 4, verified: 60, spendMicroUsd: 10_230_000 }
  const own = { ...sum, key: 'own', parent: '' }
  const tableOf = (all: Tally) => {
    const money = moneyOfMonth({
      ...{ month: '2026-10', from: 0, to: 0, now: 0, before: [], countries: [], operators: [] },
      ...{ days: [{ ...all, at: 0, service: 'signup', key: '', parent: '' }] },
      ...{ providers: [own], peopleRefused: 0 },
    })
    const { sections } = monthlyText(monthlyReport(money, [], 0))
    return sections.find(({ title }) => title === 'Providers')?.table
  }

  it('tells what they sent, and nothing of requests, which they do not see', () => {
    expect(tableOf({ ...sum, requests: 120, savedMicroUsd: 50_000 })).toEqual({
      head: ['Provider', 'Sent', 'Not delivered', 'Verified', 'Spend', 'Wasted'],
      rows: [['own', '93', '4', '65 %', 'USD 10.23', 'USD 0.00']],
    })
  })

  it('tells what went through none of them, so that they add up to the total', () => {
    const all = { ...sum, requests: 140, sends: 103, verified: 66, spendMicroUsd: 11_330_000 }
    expect(tableOf({ ...all, lost: 2, lostMicroUsd: 220_000 })?.rows).toEqual([
      ['own', '93', '4', '65 %', 'USD 10.23', 'USD 0.00'],
      ['sent by applications, or unanswered', '10', '0', '60 %', 'USD 1.10', 'USD 0.22'],
    ])
  })
})
