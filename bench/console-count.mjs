// Roll-ups of a month in minutes: the ledger's own counting (`rollUpStep`), with its sums held in memory until the end. What a
// gateway counts in a month, a second's rows at a time, would take the bench an hour of random writes.
import { from } from './console-traffic.mjs'

const { rollUpStep } = await from('ledger/roll-up.js')
const { TALLIES } = await from('ledger/console-port.js')
const { bucketOf, FEW_REQUESTS, isFine, KEPT_MS, sealedBefore } = await from('ledger/tally-time.js')

const TABLES = { minute: 'tally_minutes', hour: 'tally_hours', day: 'tally_days' }
const REQUESTS = TALLIES.indexOf('requests')
const snake = (name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)

export function createCounter() {
  /** by period, hour or day or minute, then by key */
  const buckets = { minute: new Map(), hour: new Map(), day: new Map() }
  const claims = new Map()
  /** last message allowed to a number of a service, Unix ms */
  const allowed = new Map()
  const converted = new Map()
  let counted = { requests: 0, outcomes: 0, sends: 0 }
  let awaited = []
  let sealed = 0
  let batch = null

  function put(change) {
    const { period, at, dimension, key, parent, service, amounts } = change
    const bucket = buckets[period].get(at) ?? new Map()
    buckets[period].set(at, bucket)
    const name = `${dimension}\n${key}\n${parent}\n${service}`
    const row = bucket.get(name)
    if (row === undefined) bucket.set(name, { ...change, amounts: [...amounts] })
    else for (let i = 0; i < amounts.length; i++) row.amounts[i] += amounts[i]
  }

  function seal(time) {
    const before = sealed
    sealed = Math.max(before, sealedBefore(time))
    for (const [at, bucket] of buckets.hour) {
      if (at < before || at >= sealed) continue
      for (const [name, row] of bucket) {
        if (!isFine(row.dimension)) continue
        if (row.amounts[REQUESTS] < FEW_REQUESTS) bucket.delete(name)
        else put({ ...row, period: 'day', at: bucketOf('day', at) })
      }
    }
    for (const [period, kept] of Object.entries(KEPT_MS))
      for (const at of buckets[period].keys()) if (at < time - kept) buckets[period].delete(at)
    for (const hour of claims.keys()) if (hour < sealed - 3_600_000) claims.delete(hour)
    for (const seen of [allowed, converted])
      for (const [key, at] of seen) if (at < time - 3_600_000) seen.delete(key)
  }

  const store = {
    counted: async () => counted,
    requests: async () => batch.requests,
    outcomes: async () => batch.outcomes,
    sends: async () => batch.sends,
    awaited: async (until) => awaited.filter(({ due }) => due <= until),
    allowedAfter: async ({ service, number, at }, until) => {
      const last = allowed.get(`${service}\n${number}`) ?? 0
      return last > at && last <= until
    },
    convertedBefore: async ({ id }, until) => (converted.get(id) ?? Infinity) <= until,
    claim: async (wanted) =>
      wanted.map(({ kind, hour, service, number }) => {
        if (!claims.has(hour)) claims.set(hour, new Set())
        const name = JSON.stringify([service, kind, number])
        const free = !claims.get(hour).has(name)
        claims.get(hour).add(name)
        return free
      }),
    async write({ changes, counted: next, awaiting, done, time }) {
      for (const change of changes) put(change)
      seal(time)
      const over = new Set(done.map(({ seq }) => seq))
      awaited = [...awaited.filter(({ seq }) => !over.has(seq)), ...awaiting]
      counted = next
    },
  }

  return {
    /** The next rows of the three logs, in order. */
    async count(rows) {
      batch = rows
      for (const { service, number, at, verdict } of rows.requests)
        if (verdict === 'allow') allowed.set(`${service}\n${number}`, at)
      for (const { to, at, request } of rows.outcomes)
        if (to === 'earned') converted.set(request.id, at)
      await rollUpStep(store, Number.MAX_SAFE_INTEGER, rows.requests.at(-1).at)
    },

    /** Into the ledger's tables, with how far it is counted. */
    save(db) {
      const columns = ['dimension', 'at', 'key', 'parent', 'service', ...TALLIES.map(snake)]
      db.exec('begin')
      for (const table of [...Object.values(TABLES), 'awaited_refusals', 'counted_refusals'])
        db.exec(`delete from ${table}`)
      for (const [period, table] of Object.entries(TABLES)) {
        const insert = db.prepare(
          `insert into ${table} (${columns}) values (${columns.map(() => '?')})`,
        )
        for (const bucket of buckets[period].values())
          for (const { dimension, at, key, parent, service, amounts } of bucket.values())
            insert.run(dimension, at, key, parent, service, ...amounts)
      }
      const waits = db.prepare('insert into awaited_refusals (due, seq) values (?, ?)')
      for (const { due, seq } of awaited) waits.run(due, seq)
      const claimed = db.prepare(
        'insert into counted_refusals (hour, service, kind, number) values (?, ?, ?, ?)',
      )
      for (const [hour, names] of claims)
        for (const name of names) claimed.run(hour, ...JSON.parse(name))
      const meta = db.prepare('insert or replace into meta (name, value) values (?, ?)')
      meta.run('counted', JSON.stringify(counted))
      const sealing = { before: sealed, at: sealed, fine: 0, copied: false }
      meta.run('sealing', JSON.stringify(sealing))
      db.exec('commit')
    },
  }
}
