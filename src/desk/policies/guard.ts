import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Figures } from '../backtest/backtest-result.js'

/** What the last requests would have met. */
export interface Impact {
  /** requests that were looked at; with none of them nothing is known */
  requests: number
  /** Unix ms, of the first of them */
  since: number
  /** shares that get no message, 0 to 1 */
  refusedNow: number
  refusedThen: number
  /** people who verified and would be refused */
  peopleNow: number
  peopleThen: number
}

/** A policy that keeps more than half of the requests from being sent refuses the business, not the fraud. */
const MOST_REFUSED = 0.5
/** So much more than now, of all requests, is more than tuning does. */
const MUCH_MORE = 0.1
/** People newly refused, of those who verify, from which somebody should look twice; and never for one alone. */
const PEOPLE_SHARE = 0.02
const PEOPLE_LEAST = 2

const share = ({ requests, sent }: Figures): number => (requests === 0 ? 0 : 1 - sent / requests)

export const impactOf = (result: {
  current: Figures
  proposed: Figures
  from: number
  rows: number
}): Impact => ({
  requests: result.rows,
  since: result.from,
  refusedNow: share(result.current),
  refusedThen: share(result.proposed),
  peopleNow: result.current.verifiedRefused,
  peopleThen: result.proposed.verifiedRefused,
})

const percent = (of: number): string => `${Math.round(of * 100)} %`

/** Why somebody should look twice, in a sentence with the number; `null`: nothing speaks against it. */
export function warningOf(impact: Impact, verified: number): string | null {
  const { requests, refusedNow, refusedThen, peopleNow, peopleThen } = impact
  if (requests === 0) return null
  const of = `of the last ${requests.toLocaleString('en-US')} requests`
  if (refusedThen >= 0.995)
    return `This policy refuses everybody: ${percent(refusedThen)} ${of} would get no code.`
  if (refusedThen > MOST_REFUSED && refusedThen > refusedNow)
    return `This policy refuses ${percent(refusedThen)} ${of}; the one in force ${percent(refusedNow)}.`
  if (refusedThen - refusedNow > MUCH_MORE)
    return `This policy refuses ${percent(refusedThen)} ${of}, where the one in force refuses ${percent(refusedNow)}.`
  const people = peopleThen - peopleNow
  if (people >= PEOPLE_LEAST && people > PEOPLE_SHARE * verified)
    return `This policy refuses ${people} more people who verified, ${of}.`
  return null
}

/** Letters and digits that are not mistaken for one another. */
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const LENGTH = 6

/**
 * What has to be typed to publish in spite of a warning: made by the server for this text over this version, so that only who
 * was shown the warning knows it, and it is good for nothing else.
 */
export function createConfirmation(deskKey: Buffer) {
  const key = Buffer.from(hkdfSync('sha256', deskKey, '', 'tollgate desk policy confirmation', 32))
  const phrase = (text: string, base: number): string =>
    [...createHmac('sha256', key).update(`${base}\n${text}`).digest().subarray(0, LENGTH)]
      .map((byte) => LETTERS[byte % LETTERS.length])
      .join('')
  return {
    phrase,
    matches(given: string | undefined, text: string, base: number): boolean {
      const wanted = Buffer.from(phrase(text, base))
      const typed = Buffer.from(given?.trim().toUpperCase() ?? '')
      return typed.length === wanted.length && timingSafeEqual(typed, wanted)
    },
  }
}
