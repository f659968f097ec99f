import { type RawBuilder, sql } from 'kysely'

/**
 * Rows under one section of the index by number. An index by number alone is written all over: at half a million rows
 * a request cost 15 us with it and 5 us without, most of it pages of the write-ahead log. By `seq / 8192` and number,
 * all writing falls into the newest section of about 25 pages, and a number is looked up once in each section: 0.6 ms
 * for ten million rows.
 */
export const SECTION_ROWS = 8_192

/** A clock may step back by this much, or by a whole section of rows, and no request is missed. */
const CLOCK_SLACK_MS = 10 * 60_000

/**
 * Sequence numbers of the requests of a number, for `where seq in ...`.
 * @param from only those at or after this time have to be found: older sections are left out
 */
export function seqsOfNumber(number: string, from: number | undefined): RawBuilder<number> {
  const section = sql.lit(SECTION_ROWS)
  const oldest =
    from === undefined
      ? sql`select min(seq) / ${section} from requests`
      : sql`select seq / ${section} - 1 from requests where at >= ${from - CLOCK_SLACK_MS} order by at limit 1`
  return sql<number>`(
    with recursive section (n) as (
      select max(seq) / ${section} from requests
      union all
      select n - 1 from section where n > (${oldest})
    )
    select found.seq from section cross join requests as found
    where found.seq / ${section} = section.n and found.number = ${number}
  )`
}
