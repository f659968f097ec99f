import { maskNumber } from '../../engine/mask.js'
import type { AuditResult } from '../audit-result.js'
import { type Columns, OUTCOME } from '../message-log.js'
import { countryOfBlocks } from './message-prices.js'
import type { Money } from './money.js'
import { hashOfNumber } from './number-hash.js'
import type { Places } from './places.js'

const TOLD = 20
/** Counters that numbers share; a number has at most what its counter says. */
const COUNTERS = 2 ** 22
/** Numbers looked at one by one, at most. */
const CANDIDATES = 5_000

const slotOf = (number: number): number => hashOfNumber(number) >>> 10

/**
 * Numbers that got most messages. Two passes: counters shared by numbers sift out who may be among them, those are
 * counted one by one; so memory does not go by how many numbers there are.
 */
export function topNumbers(
  columns: Columns,
  places: Places,
  money: Money,
  known: boolean,
): Pick<AuditResult, 'topNumbers'> & { wholeNumbers: number[] } {
  const size = places.blockOf.length
  const counters = new Uint16Array(COUNTERS)
  for (let row = 0; row < size; row++) {
    if ((columns.masked[row] as number) > 0) continue
    const slot = slotOf(columns.number[row] as number)
    counters[slot] = Math.min(65_535, (counters[slot] as number) + 1)
  }
  const sizes = new Uint32Array(65_536)
  for (let slot = 0; slot < COUNTERS; slot++) {
    const count = counters[slot] as number
    sizes[count] = (sizes[count] as number) + count
  }
  // the lowest count whose numbers, all together, still are few enough
  let least = 65_536
  let rows = 0
  while (least > 2) {
    rows += (sizes[least - 1] as number) / (least - 1)
    if (rows > CANDIDATES) break
    least--
  }
  const found = new Map<
    number,
    { messages: number; spend: number; verified: number; row: number }
  >()
  for (let row = 0; row < size; row++) {
    if ((columns.masked[row] as number) > 0) continue
    const number = columns.number[row] as number
    if ((counters[slotOf(number)] as number) < least) continue
    const own = found.get(number) ?? { messages: 0, spend: 0, verified: 0, row }
    own.messages++
    own.spend += money.priceOf(row)
    if (columns.outcome[row] === OUTCOME.verified) own.verified++
    found.set(number, own)
  }
  const countryOf = countryOfBlocks(places)
  const top = [...found]
    .sort(([a, x], [b, y]) => y.messages - x.messages || y.spend - x.spend || a - b)
    .slice(0, TOLD)
  return {
    topNumbers: top.map(([number, { messages, spend, verified, row }]) => ({
      number: maskNumber(`+${number}`),
      country: places.countries[countryOf[places.blockOf[row] as number] as number] ?? '',
      ...{ messages, spend, verified: known ? verified : null },
    })),
    wholeNumbers: top.map(([number]) => number),
  }
}
