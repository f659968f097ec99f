import { DEFAULT_LINES, REFERENCE_BUDGET_MICRO_USD } from '../../engine/defaults.js'
import { USD } from '../../engine/units.js'
import { formatMoney } from '../../policy/units.js'
import type { Survey } from '../defences/survey.js'
import { capOf, type NormalDays } from './normal-days.js'
import type { NormalDebt } from './normal-lines.js'
import type { Proposed } from './policy-text.js'

/** Share of a busy normal day that may be lost to fraud in a day. */
const BUDGET_SHARE = 0.05
const LEAST_BUDGET = 5 * USD
const LEAST_CAP = 5 * USD
/** What the format of policies takes at most. */
const MOST_BUDGET = 1_000_000 * USD
const MOST_CAP = 100_000_000 * USD
const MOST_OPENING = 100_000 * USD
/** Country caps named one by one; the format takes sixteen. */
const MOST_CAPS = 15
/** Times the debt of the dearest normal hour that a line has before it asks for a challenge. */
const ROOM = 2
/** The most messages that a block opens with on the word of a log. */
const MOST_AT_LEAST = 20

/** Up to two significant digits: a proposal is no measurement. */
function rounded(microUsd: number): number {
  if (!(microUsd > 0)) return 0
  const unit = 10 ** (Math.floor(Math.log10(microUsd)) - 1)
  return Math.ceil(microUsd / unit - 1e-9) * unit
}
const within = (least: number, most: number, value: number): number =>
  Math.min(most, Math.max(least, rounded(value)))

const dollars = (micro: number, rate: number): string => formatMoney(rounded(micro * rate))

/** Caps on money. `rate` is US dollars for one unit of the log's currency; `null`: nobody gave one. */
export const caps = {
  /** Over everything in a day. */
  inAll(normal: NormalDays, rate: number | null): Proposed[] {
    if (rate === null || !(normal.all.most > 0)) return []
    const cap = within(LEAST_CAP, MOST_CAP, capOf(normal.all) * rate)
    return [
      {
        path: 'spendCaps',
        value: [{ value: `{ per: day, max: ${formatMoney(cap)} }` }],
        because: `a median day without incident costs ${dollars(normal.all.middle, rate)}, a busy one ${dollars(normal.all.busy, rate)}, the costliest ${dollars(normal.all.most, rate)}: ordinary traffic does not meet the cap`,
      },
    ]
  },
  /** Of the countries with most spend, each in a day. */
  perCountry({ places }: Survey, normal: NormalDays, rate: number | null): Proposed[] {
    if (rate === null) return []
    const entries = places.countries
      .map((country, i) => ({ country, of: normal.countries[i] }))
      .flatMap(({ country, of }) =>
        of !== undefined && /^[A-Z]{2}$/.test(country) && of.middle > 0 ? [{ country, of }] : [],
      )
      .filter(({ of }) => capOf(of) * rate > LEAST_CAP)
      .sort((a, b) => b.of.busy - a.of.busy)
      .slice(0, MOST_CAPS)
      .map(({ country, of }) => ({
        value: `{ per: day, max: ${formatMoney(within(LEAST_CAP, MOST_CAP, capOf(of) * rate))}, country: ${country} }`,
        because: `busy day ${dollars(of.busy, rate)}, costliest ${dollars(of.most, rate)}`,
      }))
    if (entries.length === 0) return []
    return [
      {
        path: 'defaults.spendCaps',
        value: entries,
        because:
          'each country by itself: twice its busy day without incident, at least a quarter over its costliest',
      },
    ]
  },
}

/** The daily fraud budget, and openings where ordinary people would meet the built-in ones. */
export function budgetAndLines(
  normal: NormalDays,
  debt: NormalDebt,
  rate: number | null,
): Proposed[] {
  const settings: Proposed[] = []
  const budget =
    rate === null
      ? REFERENCE_BUDGET_MICRO_USD
      : within(LEAST_BUDGET, MOST_BUDGET, BUDGET_SHARE * normal.all.busy * rate)
  if (rate !== null)
    settings.push({
      path: 'defaults.fraudBudget',
      value: formatMoney(budget),
      because: `the most that an attacker who verifies nothing costs in a day: 5 % of a busy day without incident, at least ${formatMoney(LEAST_BUDGET)}`,
    })
  const atLeast = Math.min(MOST_AT_LEAST, debt.blockDaily)
  if (atLeast > DEFAULT_LINES.block.atLeast)
    for (const line of ['subBlock', 'block'])
      settings.push({
        path: `defaults.lines.${line}.atLeast`,
        value: String(atLeast),
        because: `in 999 of 1,000 active days of a block of 10,000 numbers at most ${atLeast} codes of ordinary people stay unverified`,
      })
  if (rate === null) return settings
  // openings of wide lines are written for the reference budget and scale with it
  const scale = budget / REFERENCE_BUDGET_MICRO_USD
  const needed = (ROOM * debt.marketHourlyMicro * rate) / scale
  if (needed > DEFAULT_LINES.country.opening)
    settings.push({
      path: 'defaults.lines.country.opening',
      value: formatMoney(within(DEFAULT_LINES.country.opening, MOST_OPENING, needed)),
      because: `written for a budget of ${formatMoney(REFERENCE_BUDGET_MICRO_USD)} and scaled with yours: ${ROOM} times the unverified codes of the costliest normal hour of a market, ${dollars(debt.marketHourlyMicro, rate)}`,
    })
  return settings
}
