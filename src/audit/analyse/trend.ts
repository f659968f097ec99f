import { DAY } from '../../engine/units.js'
import type { AuditResult, Period } from '../audit-result.js'
import { estimate, standardError } from './describe-incident.js'
import { slopeOf } from './mann-kendall.js'

/** Sums of one UTC day. */
export interface Day {
  messages: number
  spend: number
  fraud: number
  /** of the fraud: its parts of the variance and of the doubt of the episodes */
  variance: number
  doubt: number
}

/** One-sided 5 % of the standard normal law. */
const Z = 1.645
/** Fewer periods say nothing of a trend; a log of so many weeks is told by the week. */
const LEAST = 6
/** Weeks that are tested at most. */
const MOST = 260

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

function periods(days: readonly Day[], epoch: number, startOf: (at: number) => number): Period[] {
  const found: (Day & { at: number })[] = []
  days.forEach((day, i) => {
    const at = startOf(epoch + i * DAY)
    const last = found.at(-1)
    if (last?.at !== at) {
      found.push({ ...day, at })
      return
    }
    last.messages += day.messages
    last.spend += day.spend
    last.fraud += day.fraud
    last.variance += day.variance
    last.doubt += day.doubt
  })
  return found.map(({ at, messages, spend, fraud, variance, doubt }) => ({
    ...{ from: dateOf(at), messages, spend },
    fraud: estimate(fraud, standardError(variance, doubt, fraud), spend),
    share: spend > 0 ? fraud / spend : 0,
  }))
}

/** Weeks begin on Monday (ISO 8601); the epoch was a Thursday. */
const weekOf = (at: number): number => at - ((Math.floor(at / DAY) + 3) % 7) * DAY
const monthOf = (at: number): number => {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

const percent = (x: number): string => `${(100 * x).toFixed(x < 0.1 ? 1 : 0)} %`

/** A time without a message has no share of fraud, not one of 0. */
const isActive = ({ messages }: Period): boolean => messages > 0

function sentenceOf(day: readonly Period[], week: readonly Period[]): string {
  // the first and the last week are seldom whole
  const whole = week.filter((_, i) => i > 0 && i + 1 < week.length).filter(isActive)
  const [of, unit] = whole.length >= LEAST ? [whole, 'week'] : [day.filter(isActive), 'day']
  const shares = of.slice(-MOST).map(({ share }) => share)
  if (shares.length < LEAST) return 'The log is too short to speak of a trend.'
  if (shares.every((share) => share < 0.001))
    return `No trend: no ${unit} with a share of fraud to speak of.`
  const { slope, z } = slopeOf(shares)
  const worst = of.reduce((a, b) => (b.share > a.share ? b : a))
  const most = `the most in the ${unit} of ${worst.from} (${percent(worst.share)} of the spend)`
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  if (Math.abs(z) <= Z || Math.abs(slope) * shares.length < 0.1 * mean)
    return `The share of fraud neither rises nor falls by the ${unit}; ${most}.`
  const by = `${percent(Math.abs(slope))} of the spend more every ${unit}`
  return z > 0
    ? `The share of fraud is rising, by ${by}; ${most}.`
    : `The share of fraud is falling, by ${by.replace('more', 'less')}; ${most}.`
}

/** @param epoch midnight UTC of the first day, Unix ms */
export function trendOf(days: readonly Day[], epoch: number): AuditResult['trend'] {
  const day = periods(days, epoch, (at) => at)
  const week = periods(days, epoch, weekOf)
  return { day, week, month: periods(days, epoch, monthOf), sentence: sentenceOf(day, week) }
}
