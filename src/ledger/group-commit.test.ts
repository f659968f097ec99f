import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BatchSink, GroupCommit, InDoubt, RefusedRow } from './group-commit.js'
import { LedgerError } from './port.js'

/** A store in an array, whose writes and syncs can be made to wait and to fail. */
class Store implements BatchSink<string> {
  readonly batches: string[][] = []
  /** rows written when each sync began */
  readonly syncs: number[] = []
  full = false
  /** breaks while it writes: whether it has written shows later */
  breaks: 'having written' | 'having not' | null = null
  #doubted: readonly string[] | null = null
  brokenSync = false
  gate: Promise<void> = Promise.resolve()
  syncGate: Promise<void> = Promise.resolve()

  get rows(): string[] {
    return this.batches.flat()
  }

  async write(rows: readonly string[]): Promise<void> {
    await this.gate
    if (this.full) throw new LedgerError('full', 'no space')
    const refused = rows.findIndex((row) => row.startsWith('bad'))
    if (refused >= 0) throw new RefusedRow(refused, `refused ${rows[refused]}`, { cause: null })
    if (this.#doubted !== null)
      throw new Error('a write before it was known what became of the last')
    if (this.breaks !== null) {
      if (this.breaks === 'having written') this.batches.push([...rows])
      this.#doubted = rows
      throw new InDoubt(new LedgerError('lost', 'gone'), null)
    }
    this.batches.push([...rows])
  }

  async settle(withdrawn: readonly string[]): Promise<boolean> {
    if (this.full || this.breaks !== null) throw new LedgerError('lost', 'still gone')
    const written = this.#doubted?.every((row) => this.rows.includes(row)) ?? false
    this.#doubted = null
    if (written) {
      const last = this.batches.pop() ?? []
      this.batches.push(last.filter((row) => !withdrawn.includes(row)))
    }
    return written
  }

  async sync(): Promise<void> {
    this.syncs.push(this.rows.length)
    await this.syncGate
    if (this.brokenSync) throw new LedgerError('lost', 'no fsync')
  }
}

function opened(settings: { batchRows?: number; maxRows?: number; delayMs?: number } = {}) {
  const { batchRows = 10, maxRows = 1_000, delayMs = 1 } = settings
  const store = new Store()
  const errors: Error[] = []
  const log = new GroupCommit<string>({
    sink: store,
    delayMs,
    lazyMs: delayMs,
    batchRows,
    maxRows,
    onError: (error) => errors.push(error),
  })
  return { store, log, errors }
}

const latch = () => {
  let open: () => void = () => undefined
  const closed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { closed, open: () => open() }
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('group commit', () => {
  test('callers of the same moment share one write and one sync', async () => {
    const { store, log } = opened()
    log.append(['a'])
    await Promise.all([log.commit(['b']), log.commit(['c']), log.commit()])
    expect(store.batches).toEqual([['a', 'b', 'c']])
    expect(store.syncs).toEqual([3])
    await log.commit()
    expect(store.syncs).toEqual([3])
  })

  test('what nobody waits for is written, and synced only when somebody does', async () => {
    const { store, log } = opened()
    log.append(['a'])
    await log.flush()
    expect(store.rows).toEqual(['a'])
    expect(store.syncs).toEqual([])
    await log.commit()
    expect(store.syncs).toEqual([1])
    log.wrote()
    await log.commit()
    expect(store.syncs).toEqual([1, 1])
  })

  test('a full batch does not wait for the delay', async () => {
    const { store, log } = opened({ batchRows: 3, delayMs: 3_600_000 })
    log.append(['a', 'b', 'c', 'd'])
    await turn()
    expect(store.batches).toEqual([['a', 'b', 'c'], ['d']])
    await log.close()
  })

  test('a commit is promised by a sync that began after its rows were written, never by an earlier one', async () => {
    const { store, log } = opened()
    const disk = latch()
    store.syncGate = disk.closed
    let second = false
    const first = log.commit(['a'])
    await expect.poll(() => store.syncs.length, { timeout: 5_000 }).toBe(1)
    const later = log.commit(['b']).then(() => {
      second = true
    })
    await log.flush()
    expect(store.rows).toEqual(['a', 'b'])
    disk.open()
    await first
    expect(second).toBe(false)
    await later
    expect(store.syncs).toEqual([1, 2])
  })

  test('a failed write is told to all who wait; their rows are withdrawn, the others written in order', async () => {
    const { store, log, errors } = opened()
    store.full = true
    log.append(['a'])
    const results = await Promise.allSettled([
      log.commit(['x', 'y']),
      log.commit(),
      log.commit(['z']),
    ])
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected'])
    log.append(['b'])
    await expect(log.flush()).rejects.toMatchObject({ fault: 'full' })
    expect(errors).toHaveLength(1)
    store.full = false
    await log.commit(['c'])
    expect(store.rows).toEqual(['a', 'b', 'c'])
  })

  test('a failed sync is told to all who wait', async () => {
    const { store, log } = opened()
    store.brokenSync = true
    await expect(log.commit(['a'])).rejects.toMatchObject({ fault: 'lost' })
    store.brokenSync = false
    await log.commit()
    expect(store.syncs).toEqual([1, 1])
  })

  test('an impossible row is told to its owner alone, with its whole commit taken back', async () => {
    const { store, log, errors } = opened()
    const results = await Promise.allSettled([
      log.commit(['a']),
      log.commit(['b', 'bad', 'c']),
      log.commit(['d']),
      log.commit(),
    ])
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
    expect(store.rows).toEqual(['a', 'd'])
    expect(errors).toEqual([])
  })

  test('an impossible row without owner is told to whoever waits for everything, else reported', async () => {
    const { store, log, errors } = opened()
    log.append(['bad 1'])
    const results = await Promise.allSettled([log.commit(['a']), log.commit()])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected'])
    log.append(['bad 2', 'b'])
    await log.flush()
    expect(store.rows).toEqual(['a', 'b'])
    expect(errors.map((error) => error.message)).toEqual(['refused bad 2'])
  })

  test('close writes and syncs what is left, and says what it could not write', async () => {
    const good = opened({ delayMs: 3_600_000 })
    good.log.append(['a'])
    await good.log.close()
    expect(good.store.syncs).toEqual([1])
    const bad = opened({ delayMs: 3_600_000 })
    bad.store.full = true
    bad.log.append(['a', 'b'])
    await expect(bad.log.close()).rejects.toThrow(/full: 2 rows could not be written/)
    expect(() => bad.log.append(['c'])).toThrow(/closed/)
  })

  test('whatever fails and whenever: promised rows are there, withdrawn ones never, all in order, none twice', async () => {
    const step = fc.record({
      do: fc.constantFrom(
        ...(['append', 'commit', 'flush', 'fail', 'mend', 'turn'] as const),
        ...(['having written', 'having not'] as const),
      ),
      rows: fc.integer({ min: 0, max: 25 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { store, log } = opened({ delayMs: 0 })
        let n = 0
        const rows = (count: number) => Array.from({ length: count }, () => String(++n))
        const kept = new Set<string>()
        const promised = new Set<string>()
        const withdrawn = new Set<string>()
        const running: Promise<unknown>[] = []
        for (const { do: what, rows: count } of steps) {
          if (what === 'append') {
            const appended = rows(count)
            log.append(appended)
            for (const row of appended) kept.add(row)
          }
          if (what === 'commit') {
            const own = rows(count)
            const before = [...kept]
            running.push(
              log.commit(own).then(
                () => {
                  for (const row of [...own, ...before]) promised.add(row)
                },
                () => {
                  for (const row of own) withdrawn.add(row)
                },
              ),
            )
          }
          if (what === 'flush') running.push(Promise.allSettled([log.flush()]))
          if (what === 'fail') store.full = true
          if (what === 'having written' || what === 'having not') store.breaks = what
          if (what === 'mend') {
            store.full = false
            store.breaks = null
          }
          if (what === 'turn') await turn()
        }
        await Promise.all(running)
        store.full = false
        store.breaks = null
        await log.close()
        const written = store.rows.map(Number)
        expect(written).toEqual([...new Set(written)].sort((a, b) => a - b))
        const stored = new Set(store.rows)
        for (const row of [...kept, ...promised]) expect(stored.has(row)).toBe(true)
        for (const row of withdrawn) expect(stored.has(row)).toBe(false)
      }),
      { seed: 20_261_121, numRuns: 200 },
    )
  })
})

test('a failure is over when it turns out that its rows were written, and the next one is told', async () => {
  const { store, log, errors } = opened()
  store.breaks = 'having written'
  log.append(['a'])
  await expect(log.flush()).rejects.toThrow('gone')
  store.breaks = null
  await log.flush()
  expect(store.rows).toEqual(['a'])
  store.full = true
  await expect(log.commit(['b'])).rejects.toThrow('no space')
  expect(errors.map(({ message }) => message)).toMatchObject([
    expect.stringContaining('gone'),
    expect.stringContaining('no space'),
  ])
  store.full = false
  await log.close()
})

test('rows that nobody waits for are gathered; a commit takes them along at once', async () => {
  const written: string[][] = []
  const log = new GroupCommit<string>({
    sink: {
      write: async (rows) => {
        written.push([...rows])
      },
      sync: async () => undefined,
    },
    delayMs: 0,
    lazyMs: 3_600_000,
    batchRows: 100,
    maxRows: 1_000,
    onError: (error) => {
      throw error
    },
  })
  log.append(['a'])
  log.append(['b'])
  await new Promise((resolve) => setImmediate(resolve))
  expect(written).toEqual([])
  await log.commit(['c'])
  expect(written).toEqual([['a', 'b', 'c']])
  await log.close()
})
