import { ofNumber, ofVerification } from '../appended.js'
import type { Ledger, RequestFilter, SessionFilter } from '../port.js'
import { type NumberedRequest, readNumbered } from '../queries/requests.js'
import { requests } from '../tables.js'
import { timeOf } from '../timed-id.js'
import { selected } from './columns.js'
import { OURS, sinceId } from './dialect.js'
import { gatherKinds } from './gather.js'
import type { Hot } from './hot.js'

type OfVerification = Required<Pick<RequestFilter, 'verificationId' | 'limit'>>
type Asked<Row> = Row & { asked: number }

/** Days to look at: `$1` is the first id that may be meant. */
const SINCE = `((row.id >= $1 and row.id < '${OURS.after}') or row.id < '${OURS.first}' or row.id >= '${OURS.after}')`
/** Newest first. Times are never compared by the column itself: its index would be read, over everybody's requests. */
const NEWEST = 'order by row.at + 0 desc, row.seq desc'

/** Requests of a verification, and sends of a session, for many callers in one statement. @param others every other question */
export function ownRequests(
  { run, log, numbers, limits }: Hot,
  others: Ledger['requests'],
): Pick<Ledger, 'requests' | 'sessionSends'> {
  const ofVerifications = gatherKinds<OfVerification, NumberedRequest[]>(
    ({ limit }) => String(limit),
    {
      ...limits,
      async run(asks) {
        const ids = asks.map(({ verificationId }) => verificationId)
        const rows = await run<Asked<Parameters<typeof readNumbered>[0]>>(
          `select given.asked::int as asked, ${selected(['seq', ...requests.columns], 'row')}
          from unnest($3::text[]) with ordinality as given (verification_id, asked)
          cross join lateral (
            select * from requests as row where row.verification_id = given.verification_id and ${SINCE}
            ${NEWEST} limit $2
          ) as row order by asked, row.at desc, row.seq desc`,
          [sinceId(Math.min(...ids.map((id) => timeOf(id) ?? 0))), asks[0]?.limit, ids],
        )
        const found = asks.map((): NumberedRequest[] => [])
        for (const { asked, ...stored } of rows) found[asked - 1]?.push(readNumbered(stored))
        return found
      },
    },
  )
  /** @param number as it is kept */
  const ofSessions = gatherKinds<SessionFilter, string[]>(
    ({ credit, limit }) => `${credit.join(' ')}, ${limit}`,
    {
      ...limits,
      async run(asks) {
        const { credit, limit } = asks[0] as SessionFilter
        const rows = await run<Asked<{ id: string }>>(
          `select given.asked::int as asked, row.id
          from unnest($4::text[], $5::text[], $6::bigint[]) with ordinality as given (number, service, since, asked)
          cross join lateral (
            select row.id, row.at, row.seq from requests as row
            where row.number = given.number and row.service = given.service and row.at + 0 >= given.since
              and ${SINCE} and row.credit = any($2)
            ${NEWEST} limit $3
          ) as row order by asked, row.at desc, row.seq desc`,
          [
            sinceId(Math.min(...asks.map(({ from }) => from))),
            ...[credit, limit],
            asks.map(({ number }) => number),
            asks.map(({ service }) => service),
            asks.map(({ from }) => from),
          ],
        )
        const found = asks.map((): string[] => [])
        for (const { asked, id } of rows) found[asked - 1]?.push(id)
        return found
      },
    },
  )
  return {
    async requests(filter) {
      const { verificationId, limit, ...more } = filter
      const isMore = Object.values(more).some((value) => value !== undefined)
      if (verificationId === undefined || isMore) return others(filter)
      await log.flushIf(ofVerification(verificationId))
      return ofVerifications({ verificationId, limit })
    },
    async sessionSends(filter) {
      const number = numbers.numberKey(filter.number)
      await log.flushIf(ofNumber(number))
      return ofSessions({ ...filter, number })
    },
  }
}
