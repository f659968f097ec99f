import { type RawBuilder, sql } from 'kysely'
import type { Dialect, SourceBounds, SourceColumn } from '../dialect.js'
import { SECTION_ROWS } from '../queries/sections.js'

/** A literal: with a parameter the planner cannot know the expression of the index, and would divide fractions. */
const sectionRows: RawBuilder<number> = sql.lit(SECTION_ROWS)

/** A clock may step back by this much, or by a whole section of rows, and no request is missed. */
export const CLOCK_SLACK_MS = 10 * 60_000
const slack: RawBuilder<number> = sql.lit(CLOCK_SLACK_MS)

/** Sections, newest first, in column `n`. */
function sections({ from, to, before }: SourceBounds): RawBuilder<unknown> {
  const oldest =
    from === undefined
      ? sql`select min(seq) / ${sectionRows} from requests`
      : sql`select seq / ${sectionRows} - 1 from requests where at >= ${from} - ${slack} order by at limit 1`
  const bySeq =
    before === undefined
      ? sql`select max(seq) / ${sectionRows} from requests`
      : sql`select ${sql.lit(Math.floor(before / SECTION_ROWS))}`
  const newest =
    to === undefined
      ? bySeq
      : sql`select min(coalesce((select seq / ${sectionRows} + 1 from requests where at > ${to} + ${slack} order by at limit 1), (${bySeq})), (${bySeq}))`
  return sql`with recursive section (n) as (
      ${newest}
      union all
      select n - 1 from section where n > (${oldest})
    )`
}

/** Sections from that of a row to the newest, oldest first, in column `n`. */
const sectionsFrom = (seq: number): RawBuilder<unknown> => sql`
  with recursive section (n) as (
    select ${sql.lit(seq)} / ${sectionRows}
    union all
    select n + 1 from section where n < (select max(seq) / ${sectionRows} from requests)
  ) select n from section`

function seqsOf(
  column: SourceColumn,
  value: string,
  bounds: SourceBounds,
  limit?: number,
): RawBuilder<{ seq: number }> {
  return sql`${sections(bounds)}
    select found.seq as seq from section cross join requests as found
    where found.seq / ${sectionRows} = section.n and ${sql.ref(`found.${column}`)} = ${value}
      ${bounds.before === undefined ? sql`` : sql`and found.seq < ${bounds.before}`}
      ${limit === undefined ? sql`` : sql`limit ${limit}`}`
}

/** One file, one process that writes: rows are found in sections, and become visible in order. */
export const sqliteDialect: Dialect = {
  ofSource: (column, value, bounds) => sql`seq in (${seqsOf(column, value, bounds)})`,
  seqsOf,
  among: (_column, _value, seqs) => sql`seq in (${sql.join(seqs)})`,

  allowedAfter: ({ seq, until, number, service }) => sql<{ seq: number }>`
    select later.seq from (${sectionsFrom(seq)}) as section
    cross join requests as later
    where later.seq / ${sectionRows} = section.n and later.number = ${number}
      and later.seq > ${seq} and later.service = ${service}
      and later.verdict = 'allow' and later.at <= ${until}
    limit 1`,

  anyOf: (column, values) =>
    sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`,

  ofFew: sql.ref,

  contains: (column, text) => sql`instr(${sql.ref(column)}, ${text}) > 0`,

  buckets: (table, first, last, sizeMs) => ({
    from: sql`from (
      with recursive bucket (at) as (
        select ${first} union all select at + ${sql.lit(sizeMs)} from bucket where at < ${last}
      ) select at from bucket) as bucket
      cross join ${table} as tally`,
    where: sql`tally.at = bucket.at`,
  }),

  madeWithin: () => null,
  horizon: async () => null,
  addTallies: null,
  // a step takes some 4 ms, in which the process does nothing else
  counting: { atOnce: 25, rest: 3 },
  // some 10 ms
  readAtOnce: 10_000,
  // transactions take the lock of the file when they begin
  alone: async () => undefined,
}
