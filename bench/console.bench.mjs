// npm run bench -- console [--json] [--rows=10000000] [--keep=file]: the ledger's part of each page of the console, on a real
// SQLite ledger with so many requests in it, what counting costs, and how soon the overview is there in a browser.

import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { createCounter } from './console-count.mjs'
import { pagesIn } from './console-page.mjs'
import { DAY, fill, from } from './console-traffic.mjs'
import { createReport } from './report.mjs'

const { openSqliteLedger } = await from('ledger/sqlite/open.js')

const flag = (name) =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
const json = process.argv.includes('--json')
const rows = Number(flag('rows') ?? 10_000_000)
const kept = flag('keep')
const HOUR = 3_600_000
const END = Date.UTC(2026, 10, 21, 12)
const TARGET_MS = 200
const INTERACTIVE_MS = 1_500
const REPEATS = 30
const STEP = 2_000
const UNCOUNTED = 20_000

const folder = mkdtempSync(join(tmpdir(), 'tollgate-console-'))
const file = kept ?? join(folder, 'ledger.sqlite')
const report = createReport('console', ['better-sqlite3', 'kysely'], json)
const say = (text) => process.stderr.isTTY && process.stderr.write(`\r${text.padEnd(60)}`)
const open = () => openSqliteLedger({ file, numbers: 'clear', clock: () => END })
const seconds = (since) => (performance.now() - since) / 1_000

try {
  if (!existsSync(file)) {
    await (await open()).close()
    const db = new Sqlite(file)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = OFF')
    db.pragma('cache_size = -200000')
    const filling = performance.now()
    const counter = createCounter()
    await fill(db, rows, END, {
      // the newest are left for the ledger to count, as it does in a gateway
      count: async (batch) => batch.requests.at(-1).seq <= rows - UNCOUNTED && counter.count(batch),
      progress: (done) => say(`${done} of ${rows} requests`),
    })
    counter.save(db)
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.close()
    say(`filled in ${Math.round(seconds(filling))} s`)
  }
  const ledger = await open()
  await count(ledger)
  await pages(ledger)
  await ledger.close()
  await inBrowser()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What is left, as a gateway does. */
async function count(ledger) {
  let counted = 0
  const steps = []
  const started = performance.now()
  for (;;) {
    const before = performance.now()
    const step = await ledger.rollUp(STEP, END)
    if (step === 0) break
    counted += step
    steps.push(performance.now() - before)
    if (steps.length % 50 === 0) say(`${counted} rows counted`)
  }
  if (counted > 0) {
    report.row({ name: 'rows counted', value: counted / seconds(started), unit: '1/s' })
    report.row({ name: `a step of ${STEP} rows, median`, value: quantile(steps, 0.5), unit: 'ms' })
    report.row({ name: `a step of ${STEP} rows, p95`, value: quantile(steps, 0.95), unit: 'ms' })
  }
  const size = statSync(file).size / 2 ** 30
  report.row({ name: `size of a ledger of ${rows / 1e6} M requests`, value: size, unit: 'GiB' })
}

async function pages(ledger) {
  const last = (hours, period = 'hour') => ({ period, from: END - hours * HOUR, to: END })
  const month = { period: 'day', from: END - 30 * DAY, to: END }
  const [busy] = (await ledger.search({ limit: 1 })).rows
  if (busy === undefined) throw new Error('the ledger is empty')
  const { country, operator, block, number, ip, deviceId } = busy
  const countries = (await ledger.top({ ...last(24), dimension: 'country' }, 'requests', 12)).map(
    ({ key }) => key,
  )
  const queries = {
    'overview: 24 h by minute': () => ledger.series({ ...last(24, 'minute'), dimension: 'all' }),
    'overview: 24 h by hour': () => ledger.series({ ...last(24), dimension: 'all' }),
    'overview: countries of 24 h': () =>
      ledger.top({ ...last(24), dimension: 'country' }, 'spendMicroUsd', 50),
    'overview: twelve countries, 24 h by hour': () =>
      ledger.series({ ...last(24), dimension: 'country', keys: countries }),
    'ranges: operators of a country, 24 h': () =>
      ledger.top({ ...last(24), dimension: 'operator', parent: country }, 'requests', 50),
    'ranges: blocks of an operator, 24 h': () =>
      ledger.top({ ...last(24), dimension: 'block', parent: operator }, 'requests', 50),
    'ranges: sub-blocks of a block, 24 h': () =>
      ledger.top({ ...last(24), dimension: 'subBlock', parent: block }, 'requests', 50),
    'ranges: blocks by first digits, 24 h': () =>
      ledger.top({ ...last(24), dimension: 'block', prefix: block.slice(0, 5) }, 'lost', 50),
    'ranges: blocks of an operator, 30 days': () =>
      ledger.top({ ...month, dimension: 'block', parent: operator }, 'requests', 50),
    'ranges: one block, 14 days by hour': () =>
      ledger.series({ ...last(14 * 24), dimension: 'block', keys: [block] }),
    'sources: networks of 24 h': () =>
      ledger.top({ ...last(24), dimension: 'network' }, 'lost', 50),
    'sources: addresses of 24 h': () => ledger.top({ ...last(24), dimension: 'ip' }, 'lost', 50),
    'sources: devices of 24 h': () => ledger.top({ ...last(24), dimension: 'device' }, 'lost', 50),
    'sources: addresses of 7 days': () =>
      ledger.top({ ...last(7 * 24), dimension: 'ip' }, 'lost', 50),
    'decisions: newest': () => ledger.search({ limit: 50 }),
    'decisions: of a number': () => ledger.search({ number, limit: 50 }),
    'decisions: of an address': () => ledger.search({ ip, limit: 50 }),
    'decisions: of a device': () => ledger.search({ deviceId, limit: 50 }),
    'decisions: refused': () => ledger.search({ verdict: 'deny', limit: 50 }),
    'decisions: by reason': () => ledger.search({ reason: 'range.quarantined', limit: 50 }),
    'decisions: by reason, none there': () => ledger.search({ reason: 'list.denied', limit: 50 }),
    'decisions: of a range, a week ago': () =>
      ledger.search({ range: block, to: END - 7 * DAY, limit: 50 }),
    'money: 30 days by day': () => ledger.series({ ...month, dimension: 'all' }),
    'money: countries of 30 days': () =>
      ledger.top({ ...month, dimension: 'country' }, 'spendMicroUsd', 100),
    'money: operators of 30 days': () =>
      ledger.top({ ...month, dimension: 'operator' }, 'spendMicroUsd', 100),
    'money: providers of 30 days': () =>
      ledger.series({ ...month, dimension: 'provider', keys: ['one', 'two'] }),
  }
  for (const [name, query] of Object.entries(queries)) {
    const took = []
    for (let i = 0; i < REPEATS; i++) {
      const before = performance.now()
      await query()
      took.push(performance.now() - before)
    }
    report.row({ name: `${name}, p50`, value: quantile(took, 0.5), unit: 'ms' })
    report.row({
      ...{ name: `${name}, p95`, value: quantile(took, 0.95), unit: 'ms' },
      ...{ target: TARGET_MS, atLeast: false },
    })
  }
}

/** What somebody waits for who opens the console. */
async function inBrowser() {
  const { overview, answers, startMs } = await pagesIn({ file, now: END })
  for (const [name, took] of Object.entries(answers))
    report.row({
      ...{ name: `answers to the page ${name}, p95`, value: quantile(took, 0.95), unit: 'ms' },
      ...{ target: TARGET_MS, atLeast: false },
    })
  report.row({ name: 'start from a snapshot', value: startMs / 1_000, unit: 's' })
  report.row({ name: 'overview interactive, median', value: quantile(overview, 0.5), unit: 'ms' })
  report.row({
    ...{ name: 'overview interactive, slowest of ten', value: Math.max(...overview), unit: 'ms' },
    ...{ target: INTERACTIVE_MS, atLeast: false },
  })
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0
}
