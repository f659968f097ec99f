import { giveWay } from '../../ledger/give-way.js'
import type { Ledger } from '../../ledger/port.js'
import { type AskedRequest, CONVERTED, WENT_OUT } from '../../ledger/rows.js'
import { BY_VERDICT } from '../../ledger/tally.js'
import { type AskedMost, figuresOf, withoutSaving } from '../../report/figures.js'
import { emptyTally } from '../../report/tally.js'

/** Rows read at a time: some 6 ms of the event loop. */
const PAGE = 1_000
/** Keys of a kind counted at once. Of more, those asked for least are forgotten: they are not among the first. */
const MOST_COUNTED = 200_000

export interface MostAsked {
  /** as the ledger keeps them: pseudonyms where it pseudonymises */
  numbers: AskedMost[]
  ips: AskedMost[]
  ranges: AskedMost[]
  networks: AskedMost[]
  /** more keys than could be counted: those asked for seldom may be missing */
  approximate: boolean
}

const KINDS = {
  numbers: ({ number, country }: AskedRequest) => [number, country] as const,
  ips: ({ ip }: AskedRequest) => [ip ?? '', ''] as const,
  ranges: ({ block, operator }: AskedRequest) => [block, operator] as const,
  networks: ({ asn }: AskedRequest) => [asn === null ? '' : `AS${asn}`, ''] as const,
}
type Kind = keyof typeof KINDS

/** Counted with one object a key, and a whole tally only for those that are told. */
class Count {
  requests = 0
  allowed = 0
  challenged = 0
  held = 0
  denied = 0
  sends = 0
  verified = 0
  failed = 0
  spendMicroUsd = 0
  verifiedMicroUsd = 0
  lostMicroUsd = 0
  failedMicroUsd = 0
  constructor(readonly parent: string) {}
}

/**
 * What was asked for most in a span. Numbers are in no roll-up, and roll-ups forget what is seldom seen in an hour, so
 * the requests themselves are read, page by page, and other work goes on in between.
 */
export async function mostAsked(
  ledger: Pick<Ledger, 'asked'>,
  span: { from: number; to: number },
  limit: number,
): Promise<MostAsked> {
  const counts = {
    numbers: new Map<string, Count>(),
    ips: new Map<string, Count>(),
    ranges: new Map<string, Count>(),
    networks: new Map<string, Count>(),
  }
  let approximate = false
  let before: number | undefined
  for (;;) {
    const since = performance.now()
    const page = await ledger.asked({
      ...{ ...span, limit: PAGE },
      ...(before !== undefined && { before }),
    })
    for (const row of page)
      for (const kind of Object.keys(KINDS) as Kind[]) {
        const [key, parent] = KINDS[kind](row)
        if (key !== '') add(counts[kind], key, parent, row)
      }
    for (const count of Object.values(counts)) {
      if (count.size <= MOST_COUNTED) continue
      forgetLeast(count)
      approximate = true
    }
    before = page.at(-1)?.seq
    if (page.length < PAGE || before === undefined) break
    // others waited for it no longer than this, and have as long again
    await giveWay(performance.now() - since)
  }
  const first = (kind: Kind): AskedMost[] =>
    [...counts[kind]]
      .sort(([a, x], [b, y]) => y.requests - x.requests || y.sends - x.sends || (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([key, { parent, ...count }]) =>
        withoutSaving({ key, parent, ...figuresOf({ ...emptyTally(), ...count }) }),
      )
  return {
    numbers: first('numbers'),
    ips: first('ips'),
    ranges: first('ranges'),
    networks: first('networks'),
    approximate,
  }
}

function add(counts: Map<string, Count>, key: string, parent: string, row: AskedRequest): void {
  let count = counts.get(key)
  if (count === undefined) {
    count = new Count(parent)
    counts.set(key, count)
  }
  const { credit, priceMicroUsd, would } = row
  count.requests += 1
  count[BY_VERDICT[would]] += 1
  if (!WENT_OUT.includes(credit)) return
  count.sends += 1
  count.spendMicroUsd += priceMicroUsd
  if (CONVERTED.includes(credit)) {
    count.verified += 1
    count.verifiedMicroUsd += priceMicroUsd
  } else if (credit === 'lost') count.lostMicroUsd += priceMicroUsd
  else if (credit === 'failed') {
    count.failed += 1
    count.failedMicroUsd += priceMicroUsd
  }
}

function forgetLeast(counts: Map<string, Count>): void {
  for (let least = 1; counts.size > MOST_COUNTED / 2; least++)
    for (const [key, { requests }] of counts) if (requests <= least) counts.delete(key)
}
