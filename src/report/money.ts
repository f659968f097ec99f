import type { RollupPoint, RollupSum, Tally, TallyName } from '../ledger/console-port.js'
import { rowOf } from './daily.js'
import { type Figures, type FiguresOf, figuresOf } from './figures.js'
import { emptyTally, sumOf } from './tally.js'

/** Money of a month, UTC: what was spent on whom, and what came of it. */
export interface MoneyOfMonth {
  /** YYYY-MM */
  month: string
  /** Unix ms */
  from: number
  to: number
  totals: Figures
  /** of a month under way its days that are over; `null` once all are */
  soFar: Figures | null
  /** the month before, of a month under way as many days of it; `null` where nothing is known of it, or none is over yet */
  before: Figures | null
  days: ({ at: number } & Figures)[]
  countries: FiguresOf[]
  operators: FiguresOf[]
  /** with a row of what went through none of them, so that they add up to the totals */
  providers: FiguresOf[]
  friction: Friction
}

/** What keeping people out costs against what it saves. */
export interface Friction {
  /** numbers that got no code, each once an hour */
  refusedNumbers: number
  savedMicroUsd: number
  /** what one refused number saved; `null` where none was refused */
  savedPerRefusedMicroUsd: number | null
  /** numbers that were refused in an incident and verified later by another path: people, at least so many */
  peopleRefused: number
  challenged: number
}

/**
 * Refusing pays while fewer than this share of the refused numbers were people, when one turned away costs so much:
 * saved / (refused numbers x worth).
 * @param worthMicroUsd what a person who is turned away costs @returns `null` where nobody was refused
 */
export function breakEvenShare(
  { refusedNumbers, savedMicroUsd }: Pick<Friction, 'refusedNumbers' | 'savedMicroUsd'>,
  worthMicroUsd: number,
): number | null {
  if (refusedNumbers === 0 || worthMicroUsd <= 0) return null
  return Math.min(1, savedMicroUsd / (refusedNumbers * worthMicroUsd))
}

export interface MoneyInput {
  month: string
  from: number
  to: number
  now: number
  days: readonly RollupPoint[]
  /** all days of the month before */
  before: readonly RollupPoint[]
  countries: readonly RollupSum[]
  operators: readonly RollupSum[]
  providers: readonly RollupSum[]
  /** of the month's incidents */
  peopleRefused: number
}

const DAY = 86_400_000

/**
 * What applications sent themselves after asking for a decision alone, and the few messages whose provider has not
 * answered yet or never did. No name of a provider has spaces.
 */
export const NO_PROVIDER = 'sent by applications, or unanswered'
/** What is told of sends: providers know nothing of requests. */
const OF_SENDS = [
  ...(['sends', 'spendMicroUsd', 'verified', 'verifiedMicroUsd'] as const),
  ...(['lost', 'lostMicroUsd', 'failed', 'failedMicroUsd'] as const),
] satisfies readonly TallyName[]

/** What of all sends no provider is known for; nothing where that is none. */
function withoutProvider(all: Tally, providers: readonly RollupSum[]): FiguresOf[] {
  const known = sumOf(providers)
  const rest = emptyTally()
  for (const name of OF_SENDS) rest[name] = all[name] - known[name]
  return OF_SENDS.some((name) => rest[name] !== 0)
    ? [rowOf({ ...rest, key: NO_PROVIDER, parent: '' })]
    : []
}

export function moneyOfMonth(input: MoneyInput): MoneyOfMonth {
  const { month, from, to, now, days, peopleRefused } = input
  const underWay = now < to
  const over = Math.floor((now - from) / DAY)
  const before = input.before.filter(({ at }) => !underWay || new Date(at).getUTCDate() <= over)
  const all = sumOf(days)
  const totals = figuresOf(all)
  const { refusedNumbers, savedMicroUsd, challenged } = totals
  return {
    ...{ month, from, to, totals },
    soFar: underWay ? figuresOf(sumOf(days.filter(({ at }) => at < from + over * DAY))) : null,
    before: before.length === 0 ? null : figuresOf(sumOf(before)),
    days: Array.from({ length: Math.round((to - from) / DAY) }, (_, i) => {
      const at = from + i * DAY
      return { at, ...figuresOf(sumOf(days.filter((day) => day.at === at))) }
    }),
    countries: input.countries.map(rowOf),
    operators: input.operators.map(rowOf),
    providers: [...input.providers.map(rowOf), ...withoutProvider(all, input.providers)],
    friction: {
      ...{ refusedNumbers, savedMicroUsd, peopleRefused, challenged },
      savedPerRefusedMicroUsd: refusedNumbers > 0 ? savedMicroUsd / refusedNumbers : null,
    },
  }
}
