import { type RawBuilder, sql } from 'kysely'

/**
 * Rows under one section of an index by number or source. An index by number alone is written all over: at half a
 * million rows a request cost 15 us with it and 5 us without, most of it pages of the write-ahead log. By `seq / 8192`
 * and number, all writing falls into the newest section of about 25 pages, and a number is looked up once in each
 * section: 0.6 ms for ten million rows.
 */
const SECTION_ROWS = 8_192
/** A literal: with a parameter the planner cannot know the expression of the index, and would divide fractions. */
export const sectionRows: RawBuilder<number> = sql.lit(SECTION_ROWS)

export const sectionOf = (seq: number): number => Math.floor(seq / SECTION_ROWS)

/** A clock may step back by this much, or by a whole section of rows, and no request is missed. */
const CLOCK_SLACK_MS = 10 * 60_000

/** Columns of requests that are found by section. */
export type SectionColumn = 'number' | 'ip' | 'deviceId' | 'accountId'

/** What limits the rows that are looked at: times of a clock that may have stepped back a little, and a page's end. */
export interface SectionBounds {
  from?: number | undefined
  to?: number | undefined
  /** only rows of lower sequence numbers */
  before?: number | undefined
}

/** Sections, newest first, in column `n`. */
function sections({ from, to, before }: SectionBounds): RawBuilder<unknown> {
  const oldest =
    from === undefined
      ? sql`select min(seq) / ${sectionRows} from requests`
      : sql`select seq / ${sectionRows} - 1 from requests where at >= ${from - CLOCK_SLACK_MS} order by at limit 1`
  const bySeq =
    before === undefined
      ? sql`select max(seq) / ${sectionRows} from requests`
      : sql`select ${sql.lit(sectionOf(before))}`
  const newest =
    to === undefined
      ? bySeq
      : sql`select min(coalesce((select seq / ${sectionRows} + 1 from requests where at > ${to + CLOCK_SLACK_MS} order by at limit 1), (${bySeq})), (${bySeq}))`
  return sql`with recursive section (n) as (
      ${newest}
      union all
      select n - 1 from section where n > (${oldest})
    )`
}

/** Sections from that of a row to the newest, oldest first, in column `n`. */
export const sectionsFrom = (seq: number): RawBuilder<unknown> => sql`
  with recursive section (n) as (
    select ${sql.lit(seq)} / ${sectionRows}
    union all
    select n + 1 from section where n < (select max(seq) / ${sectionRows} from requests)
  ) select n from section`

/**
 * Sequence numbers of the requests of a number or source, for `where seq in ...`. Those of newer sections come first.
 */
export function seqsOf(
  column: SectionColumn,
  value: string,
  bounds: SectionBounds,
  limit?: number,
): RawBuilder<number> {
  return sql<number>`(
    ${sections(bounds)}
    select found.seq from section cross join requests as found
    where found.seq / ${sectionRows} = section.n and ${sql.ref(`found.${column}`)} = ${value}
      ${bounds.before === undefined ? sql`` : sql`and found.seq < ${bounds.before}`}
      ${limit === undefined ? sql`` : sql`limit ${limit}`}
  )`
}
