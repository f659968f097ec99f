import type { ConsoleStore } from '../../ledger/console-port.js'
import type { Ledger } from '../../ledger/port.js'
import { CONVERTED, WENT_OUT } from '../../ledger/rows.js'
import { type FiguresOf, figuresOf } from '../../report/figures.js'
import { emptyTally } from '../../report/tally.js'

const PAGE = 1_000
/** Numbers counted at once. Of more, those asked for least are forgotten: they are not among the ten. */
const MOST_COUNTED = 200_000

interface Count {
  country: string
  requests: number
  sends: number
  verified: number
  spend: number
  verifiedSpend: number
  lost: number
  failed: number
}

/**
 * The numbers that were asked for most. Numbers are in no roll-up, so the requests of the span are read, page by page.
 * @returns as the ledger keeps them: pseudonyms where it pseudonymises
 */
export async function topNumbers(
  ledger: Pick<Ledger & ConsoleStore, 'requests'>,
  span: { from: number; to: number },
  limit: number,
): Promise<{ rows: FiguresOf[]; approximate: boolean }> {
  const counts = new Map<string, Count>()
  let approximate = false
  let before: number | undefined
  for (;;) {
    const page = await ledger.requests({
      ...span,
      limit: PAGE,
      ...(before !== undefined && { before }),
    })
    for (const row of page) {
      if (row.number === '') continue
      let count = counts.get(row.number)
      if (count === undefined) {
        count = { country: row.country, requests: 0, sends: 0, verified: 0, ...NO_MONEY }
        counts.set(row.number, count)
      }
      count.requests += 1
      if (!WENT_OUT.includes(row.credit)) continue
      count.sends += 1
      count.spend += row.priceMicroUsd
      if (CONVERTED.includes(row.credit)) {
        count.verified += 1
        count.verifiedSpend += row.priceMicroUsd
      } else if (row.credit === 'lost') count.lost += row.priceMicroUsd
      else if (row.credit === 'failed') count.failed += row.priceMicroUsd
    }
    if (counts.size > MOST_COUNTED) {
      forgetLeast(counts)
      approximate = true
    }
    before = page.at(-1)?.seq
    if (page.length < PAGE || before === undefined) break
  }
  const rows = [...counts]
    .sort(([a, x], [b, y]) => y.requests - x.requests || y.spend - x.spend || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([key, count]) => ({
      key,
      parent: count.country,
      ...figuresOf({
        ...emptyTally(),
        requests: count.requests,
        sends: count.sends,
        verified: count.verified,
        spendMicroUsd: count.spend,
        verifiedMicroUsd: count.verifiedSpend,
        lostMicroUsd: count.lost,
        failedMicroUsd: count.failed,
      }),
    }))
  return { rows, approximate }
}

const NO_MONEY = { spend: 0, verifiedSpend: 0, lost: 0, failed: 0 }

function forgetLeast(counts: Map<string, Count>): void {
  for (let least = 1; counts.size > MOST_COUNTED / 2; least++)
    for (const [number, { requests }] of counts) if (requests <= least) counts.delete(number)
}
