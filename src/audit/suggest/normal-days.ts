import { DAY } from '../../engine/units.js'
import { FOUND, type Judged } from '../defences/judged.js'
import type { Survey } from '../defences/survey.js'
import { quantile } from './quantile.js'

/** Of a day's spend that may have been found to be pumped on a day without incident. */
const CLEAN_SHARE = 0.01
/** Days without incident from which they alone say what is normal. */
const ENOUGH_DAYS = 7
/** Days looked at, the last ones of a longer log: what was normal eleven years ago says nothing. */
const MOST_DAYS = 4_000

/** What a country, or everything, is like on days without incidents. Money in micro of the log's currency. */
export interface Normal {
  /** spend of a day: the middle one, one in twenty above, the dearest */
  middle: number
  busy: number
  most: number
  /** messages of the days that nothing speaks against, weighted by 1 - P(pumped) */
  messages: number
}

export interface NormalDays {
  /** days of the log with messages, and those without incident */
  days: number
  clean: number
  /** clean days were too few: all days, without what is pumped in them */
  fromAllDays: boolean
  all: Normal
  /** by country of the survey */
  countries: Normal[]
}

function normalOf(spend: ArrayLike<number>, messages: number): Normal {
  const sorted = Float64Array.from(spend).sort()
  return {
    middle: quantile(sorted, 0.5),
    busy: quantile(sorted, 0.95),
    most: sorted[sorted.length - 1] ?? 0,
    messages,
  }
}

/** What is normal in a log, from the days without incidents; what is pumped on them counts for nothing. */
export function normalDays(
  { log, places, prices }: Survey,
  { order, probability, certainty }: Judged,
): NormalDays {
  const { at } = log.columns
  const { countries, countryOfRow } = places
  const last = Math.floor((at[order[order.length - 1] ?? 0] ?? 0) / DAY)
  const first = Math.max(Math.floor((at[order[0] ?? 0] ?? 0) / DAY), last - MOST_DAYS + 1)
  const days = order.length === 0 ? 0 : last - first + 1
  const found = new Float64Array(days)
  const total = new Float64Array(days)
  const rows = new Uint32Array(days)
  const spend = countries.map(() => new Float64Array(days))
  const messages = countries.map(() => new Float64Array(days))
  for (let row = 0; row < log.size; row++) {
    const day = Math.floor((at[row] as number) / DAY) - first
    if (day < 0) continue
    const price = prices.billed(row)
    const p = probability[row] as number
    const country = countryOfRow(row)
    rows[day] = (rows[day] as number) + 1
    total[day] = (total[day] as number) + price
    if ((certainty[row] as number) >= FOUND) found[day] = (found[day] as number) + p * price
    const spent = spend[country] as Float64Array
    spent[day] = (spent[day] as number) + (1 - p) * price
    const sent = messages[country] as Float64Array
    sent[day] = (sent[day] as number) + 1 - p
  }
  const active = Array.from({ length: days }, (_, day) => day).filter((day) => (rows[day] ?? 0) > 0)
  const clean = active.filter((day) => (found[day] ?? 0) <= CLEAN_SHARE * (total[day] ?? 0))
  const fromAllDays = clean.length < ENOUGH_DAYS
  const used = fromAllDays ? active : clean
  const pick = (of: Float64Array | undefined): number[] => used.map((day) => of?.[day] ?? 0)
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
  const perCountry = countries.map((_, i) => normalOf(pick(spend[i]), sum(pick(messages[i]))))
  const together = used.map((day) => sum(spend.map((of) => of[day] as number)))
  return {
    days: active.length,
    clean: clean.length,
    fromAllDays,
    all: normalOf(together, sum(perCountry.map(({ messages: n }) => n))),
    countries: perCountry,
  }
}

/** Over a busy day, and over the dearest: a cap on something shared refuses people once it is reached. */
const CAP_OVER_BUSY = 2
const CAP_OVER_MOST = 1.25

/** A daily cap that no normal day reaches, in the unit of the days. */
export const capOf = ({ busy, most }: Normal): number =>
  Math.max(CAP_OVER_BUSY * busy, CAP_OVER_MOST * most)
