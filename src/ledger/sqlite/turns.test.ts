import { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../schema.js'
import { type Connection, connect, dialectOver } from './connection.js'
import { createTurns, type Turns } from './turns.js'

describe('what is written in one turn', () => {
  let connection: Connection
  let db: Kysely<Database>
  let turns: Turns
  beforeEach(async () => {
    connection = await connect(':memory:')
    connection.exec('create table seen (n integer)')
    db = new Kysely<Database>({ dialect: dialectOver(connection) })
    turns = createTurns({ db, connection, attempt: (work) => work() })
  })
  afterEach(() => db.destroy())

  const put = (n: number) => connection.prepare('insert into seen values (?)').run(n).changes
  const seen = () => connection.prepare('select n from seen order by n').pluck().all()

  test('is one transaction', async () => {
    const inOne: boolean[] = []
    const written = [1, 2, 3].map((n) =>
      turns.write(() => {
        inOne.push(connection.inTransaction && seen().length === n - 1)
        return put(n)
      }),
    )
    expect(seen()).toEqual([])
    expect(await Promise.all(written)).toEqual([1, 1, 1])
    expect(inOne).toEqual([true, true, true])
    expect(connection.inTransaction).toBe(false)
  })

  test('is there without what one of them could not do', async () => {
    const results = await Promise.allSettled([
      turns.write(() => put(1)),
      turns.write(() => {
        put(2)
        throw new TypeError('a row that cannot be read')
      }),
      turns.write(() => put(3)),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(results[1]).toMatchObject({ reason: { message: 'a row that cannot be read' } })
    expect(seen()).toEqual([1, 3])
  })

  test('is not there at all when the store fails, and everybody is told', async () => {
    connection.exec(
      "create temp trigger full after insert on seen when new.n = 2 begin select raise(abort, 'full'); end",
    )
    const results = await Promise.allSettled([1, 2, 3].map((n) => turns.write(() => put(n))))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(seen()).toEqual([])
    expect(await turns.write(() => put(4))).toBe(1)
    expect(seen()).toEqual([4])
  })

  test('does not fall into a transaction of others, and reads wait for its end', async () => {
    let read: Promise<unknown[]> = Promise.resolve([])
    let written: Promise<number> = Promise.resolve(0)
    await db.transaction().execute(async () => {
      put(1)
      written = turns.write(() => put(2))
      read = turns.read(seen)
      await new Promise((resolve) => setImmediate(resolve))
      expect(seen()).toEqual([1])
    })
    expect(await written).toBe(1)
    expect(await read).toContain(1)
    expect(await turns.read(seen)).toEqual([1, 2])
  })
})
