import { ofNumber, ofVerification } from '../appended.js'
import type { LogEntry } from '../log-entry.js'
import type { Ledger, RequestFilter } from '../port.js'
import { type NumberedRequest, readNumbered } from '../queries/requests.js'
import { requests } from '../tables.js'
import { timeOf } from '../timed-id.js'
import { quoted, selected } from './columns.js'
import { OURS, sinceId } from './dialect.js'
import { gatherKinds } from './gather.js'
import type { Hot } from './hot.js'

/** Whose requests, and since when: what a verification asks for at its end. */
type Wanted = Pick<
  RequestFilter,
  'verificationId' | 'number' | 'service' | 'from' | 'credit' | 'limit'
>
type Stored = Parameters<typeof readNumbered>[0] & { asked: number }

/** What of a filter differs from ask to ask, and the condition that it is. */
const GIVEN = {
  verificationId: { type: 'text', is: 'row.verification_id = given.verification_id' },
  number: { type: 'text', is: 'row.number = given.number' },
  service: { type: 'text', is: 'row.service = given.service' },
  from: { type: 'bigint', is: 'row.at >= given."from"' },
} as const
const KEYS = Object.keys(GIVEN) as (keyof typeof GIVEN)[]
const KNOWN = new Set<string>([...KEYS, 'credit', 'limit'])

/** Rows that may be what is asked for. */
const isOf = ({ number, verificationId }: Wanted): ((entry: LogEntry) => boolean) =>
  number === undefined ? ofVerification(verificationId ?? '') : ofNumber(number)

const sinceOf = ({ from = 0, verificationId }: Wanted): number =>
  Math.max(from, verificationId === undefined ? 0 : (timeOf(verificationId) ?? 0))

/** Requests of a verification or of a number, for many callers in one statement. @param others every other question */
export function ownRequests(
  { run, log, numbers, limits }: Hot,
  others: Ledger['requests'],
): Pick<Ledger, 'requests'> {
  const find = gatherKinds<Wanted, NumberedRequest[]>(
    ({ credit, limit, ...given }) => JSON.stringify([Object.keys(given).sort(), credit, limit]),
    {
      ...limits,
      async run(asks) {
        const { credit, limit } = asks[0] as Wanted
        const keys = KEYS.filter((key) => asks[0]?.[key] !== undefined)
        const rows = await run<Stored>(
          // not by the column itself: its index would give the order, and be read whole
          `select given.asked::int as asked, ${selected(['seq', ...requests.columns], 'row')}
          from unnest(${keys.map((key, i) => `$${i + 4}::${GIVEN[key].type}[]`).join(', ')})
            with ordinality as given (${[...keys.map(quoted), 'asked'].join(', ')})
          cross join lateral (
            select * from requests as row where ${keys.map((key) => GIVEN[key].is).join(' and ')}
              and ((row.id >= $1 and row.id < '${OURS.after}') or row.id < '${OURS.first}' or row.id >= '${OURS.after}')
              and ($2::text[] is null or row.credit = any($2))
            order by row.at + 0 desc, row.seq desc limit $3
          ) as row order by asked, row.at desc, row.seq desc`,
          [
            sinceId(Math.min(...asks.map(sinceOf))),
            ...[credit ?? null, limit],
            ...keys.map((key) => asks.map((ask) => ask[key])),
          ],
        )
        const found = asks.map((): NumberedRequest[] => [])
        for (const { asked, ...stored } of rows) found[asked - 1]?.push(readNumbered(stored))
        return found
      },
    },
  )
  return {
    async requests(filter) {
      const { number, verificationId, credit } = filter
      const ours =
        (number !== undefined || verificationId !== undefined) &&
        Object.entries(filter).every(([key, value]) => KNOWN.has(key) || value === undefined)
      if (!ours) return others(filter)
      if (credit?.length === 0) return []
      const asked = number === undefined ? filter : { ...filter, number: numbers.numberKey(number) }
      await log.flushIf(isOf(asked))
      return find(asked)
    },
  }
}
