import { type Kysely, sql } from 'kysely'
import { SECTION_ROWS, sectionOf } from '../queries/sections.js'
import { type RequestRow, SETTLED } from '../rows.js'
import type { Database } from '../schema.js'
import { requests } from '../tables.js'
import type { Connection } from './connection.js'
import { CLOCK_SLACK_MS } from './dialect.js'
import { sectionFilters } from './section-filters.js'

type Value = string | number | null

/** What of a request tells whether it is settled, and how. */
export const settleable = requests.part([...SETTLED, 'credit', 'settledAt'])
export type Settleable = Pick<RequestRow, (typeof settleable)['columns'][number]>

/**
 * Requests to a number since a time and shortly before, section by section: where there are few sections, the tables that
 * one statement for all of them (`dialect.ts`) makes to work with take ten times as long as the look-ups. Of full sections most
 * are known not to have the number: what a check takes does not grow with the traffic of the last minutes.
 */
export function bySections(
  db: Kysely<Database>,
  connection: Connection,
): (number: string, from: number) => (Settleable & { seq: number })[] {
  const newest = connection.prepare<[], number | null>('select max(seq) from requests').pluck()
  const oldest = connection
    .prepare<[number], number>('select seq from requests where at >= ? order by at limit 1')
    .pluck()
  const { sql: text } = db
    .selectFrom('requests')
    .select(['seq', ...settleable.columns])
    .where(sql<number>`seq / ${sql.lit(SECTION_ROWS)}`, '=', 0)
    .where('number', '=', '')
    .compile()
  const found = connection.prepare<[number, string], [number, ...Value[]]>(text).raw()
  const numbersIn = connection
    .prepare<[number], string>(`select number from requests where seq / ${SECTION_ROWS} = ?`)
    .pluck()
  const filters = sectionFilters((section) => numbersIn.all(section))

  return (number, from) => {
    const rows: (Settleable & { seq: number })[] = []
    const first = oldest.get(from - CLOCK_SLACK_MS)
    const last = newest.get()
    if (first === undefined || last == null) return rows
    // the section before: the clock may have stepped back at its end
    const end = Math.max(0, sectionOf(first) - 1)
    const newestSection = sectionOf(last)
    let learns = true
    for (let n = newestSection; n >= end; n--) {
      const isFull = n < newestSection
      // one at a time: it holds the process up
      if (isFull && learns && !filters.knows(n)) {
        filters.learn(n)
        learns = false
      }
      if (isFull && !filters.mayHave(n, number)) continue
      for (const [seq, ...values] of found.all(n, number))
        rows.push({ seq, ...settleable.readValues(values) })
    }
    return rows
  }
}
