import type { Kysely, RawBuilder, SqlBool } from 'kysely'
import type { RollupPeriod } from './console-port.js'
import type { Database } from './schema.js'

/** Columns of requests that single rows are found by, of the many of a number or source. */
export type SourceColumn = 'number' | 'ip' | 'deviceId' | 'accountId'

/** What limits the rows that are looked at: times of a clock that may have stepped back a little, and a page's end. */
export interface SourceBounds {
  from?: number | undefined
  to?: number | undefined
  /** only rows of lower sequence numbers */
  before?: number | undefined
}

/** Dimension, start of the bucket, key, parent and service; then the amounts in their order. */
export type TallyRow = readonly (string | number)[]

/** Tables that are read on from a position. */
export type ReadLog = 'requests' | 'outcomes' | 'sends'

/** Where databases differ in how the same question is asked. */
export interface Dialect {
  /** Requests of a number or source. */
  ofSource(column: SourceColumn, value: string, bounds: SourceBounds): RawBuilder<SqlBool>
  /** Sequence numbers of the requests of a number or source, newest first: at most `limit`. */
  seqsOf(
    column: SourceColumn,
    value: string,
    bounds: SourceBounds,
    limit: number,
  ): RawBuilder<{ seq: number }>
  /** Those of them that are next to each other in what {@link seqsOf} gave. */
  among(column: SourceColumn, value: string, seqs: readonly number[]): RawBuilder<SqlBool>
  /** Sequence number of a message to the number in the service that was allowed after a request, if there is one. */
  allowedAfter(wanted: {
    seq: number
    /** Unix ms */
    at: number
    until: number
    number: string
    service: string
  }): RawBuilder<{ seq: number }>
  /** A column has one of many values: texts, or numbers; one form of statement, however many. */
  anyOf(column: string, values: readonly string[] | readonly number[]): RawBuilder<SqlBool>
  /** A column that a few rows are ordered by once they were found by another: its own index is not to be read for that. */
  ofFew(column: string): RawBuilder<number>
  /** A text contains another. */
  contains(column: string, text: string): RawBuilder<SqlBool>
  /** Narrows a join of buckets with tallies to buckets from `first` to `last`: one look into the primary key for each. */
  buckets(
    table: RawBuilder<unknown>,
    first: number,
    last: number,
    sizeMs: number,
  ): { from: RawBuilder<unknown>; where: RawBuilder<SqlBool> }
  /**
   * Leaves out partitions that cannot hold what is asked for: rows whose ids were made in a time. `null` where a table
   * is one piece. The times are widened by as much as clocks may be wrong.
   */
  madeWithin(
    column: RawBuilder<unknown>,
    from: number | undefined,
    to: number | undefined,
  ): RawBuilder<SqlBool> | null
  /**
   * The sequence number up to which everything that will ever be there is there: rows of several writers become visible
   * in another order than they were numbered in. `null`: all that can be seen.
   */
  horizon(db: Kysely<Database>, log: ReadLog): Promise<number | null>
  /**
   * Adds rows to roll-ups, as many as there are in one statement. `null` where the parameters of a statement are few, and
   * it is written for fixed numbers of rows.
   */
  readonly addTallies:
    | ((db: Kysely<Database>, period: RollupPeriod, rows: readonly TallyRow[]) => Promise<void>)
    | null
  /**
   * Requests, outcomes and sends that one transaction of the roll-ups counts at most, of each; and where others wait,
   * how many times as long as it took they have the store to themselves.
   */
  readonly counting: { readonly atOnce: number; readonly rest: number }
  /** Requests that one statement looks through at most where the process stands still meanwhile; `null`: it does not. */
  readonly readAtOnce: number | null
  /**
   * Until the end of the transaction nobody else is in work of this name, and what it asks for is looked up by index,
   * whatever is known of how many rows there are: of a day that has begun nothing is.
   */
  alone(db: Kysely<Database>, work: string): Promise<void>
}
