import { TALLIES, type Tally } from '../ledger/console-port.js'

export const emptyTally = (): Tally => Object.fromEntries(TALLIES.map((name) => [name, 0])) as Tally

/** Adds up tallies; anything else the rows carry (key, time) is left out. */
export function sumOf(rows: Iterable<Tally>): Tally {
  const sum = emptyTally()
  for (const row of rows) for (const name of TALLIES) sum[name] += row[name]
  return sum
}

/** Share of sends whose code came back, 0 to 1; `null` where nothing was sent. */
export const conversionOf = ({ sends, verified }: Pick<Tally, 'sends' | 'verified'>) =>
  sends > 0 ? verified / sends : null

/** Wasted: paid for messages that matured without their code coming back, or were not delivered. Micro-USD. */
export const wastedOf = ({
  lostMicroUsd,
  failedMicroUsd,
}: Pick<Tally, 'lostMicroUsd' | 'failedMicroUsd'>): number => lostMicroUsd + failedMicroUsd

/** Still open: sent, not verified and not yet matured. Micro-USD; spend = verified + wasted + open. */
export const openOf = (tally: Tally): number =>
  Math.max(0, tally.spendMicroUsd - tally.verifiedMicroUsd - wastedOf(tally))
