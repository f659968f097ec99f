import type { Kysely } from 'kysely'
import type { Database } from '../schema.js'
import type { Connection } from './connection.js'
import { codeOf } from './faults.js'
import type { Attempt } from './patience.js'

interface Job {
  work(): unknown
  resolve(result: unknown): void
  reject(error: unknown): void
}

interface Done {
  jobs: readonly Job[]
  results: readonly unknown[]
}

export interface Turns {
  /**
   * What is written in one turn of the event loop is one transaction: each has its price in pages, whatever it writes.
   * @param work statements, and nothing else: it is run again where the work of another fails
   */
  write<T>(work: () => T): Promise<T>
  /** At once, unless somebody else is in the middle of a transaction. */
  read<T>(work: () => T): Promise<T>
}

export function createTurns({
  db,
  connection,
  attempt,
}: {
  db: Kysely<Database>
  connection: Connection
  attempt: Attempt
}): Turns {
  const begin = connection.prepare('begin immediate')
  const commit = connection.prepare('commit')
  const rollback = connection.prepare('rollback')
  let waiting: Job[] = []

  /** @throws the first fault, and nothing was written */
  function inTransaction(jobs: readonly Job[]): Done {
    const results: unknown[] = []
    begin.run()
    try {
      for (const { work } of jobs) results.push(work())
      commit.run()
      return { jobs, results }
    } catch (error) {
      if (connection.inTransaction) rollback.run()
      const job = jobs[results.length]
      if (job === undefined || codeOf(error).startsWith('SQLITE')) throw error
      // a row that cannot be read is its own reader's trouble
      job.reject(error)
      return inTransaction(jobs.filter((other) => other !== job))
    }
  }

  async function take(): Promise<void> {
    const taken = waiting
    waiting = []
    try {
      // on Kysely's one connection, so that a turn never falls into the middle of a transaction
      const { jobs, results } = await attempt(() =>
        db.connection().execute(async () => inTransaction(taken)),
      )
      for (const [i, { resolve }] of jobs.entries()) resolve(results[i])
    } catch (error) {
      for (const { reject } of taken) reject(error)
    }
  }

  return {
    write: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        const job = { work, resolve: resolve as Job['resolve'], reject }
        if (waiting.push(job) === 1) setImmediate(take)
      }),
    read: (work) =>
      attempt(() =>
        connection.inTransaction
          ? db.connection().execute(async () => work())
          : Promise.resolve(work()),
      ),
  }
}
