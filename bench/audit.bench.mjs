// npm run bench -- audit [--json] [--rows 10000000] [--rounds 3]: the audit of a large message log, beside a bare
// grouping of the same file by those who do nothing else. Processes of their own, one at a time, start-up included.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { MARKETS, writeLog } from './audit-log.mjs'
import { createReport } from './report.mjs'
import { interleave, runChild } from './run-child.mjs'

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '1' },
  },
})
const rows = Number(flags.rows)
const rounds = Number(flags.rounds)
if (!(rows >= 1_000 && rounds >= 1)) {
  console.error('usage: npm run bench -- audit [--json] [--rows 10000000] [--rounds 1]')
  process.exit(2)
}

const report = createReport('audit', ['@duckdb/node-api', 'csv-parse', 'echarts'], flags.json)
const folder = mkdtempSync(join(tmpdir(), 'tollgate-bench-audit-'))
const file = join(folder, 'messages.csv')
const note = (text) => {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`)
}

const timed = async (work) => {
  const start = performance.now()
  const result = await work()
  return { ...result, seconds: (performance.now() - start) / 1_000 }
}
const peer = (name) => ({
  name,
  run: () => timed(() => runChild('bench/audit-peer.mjs', [name, file])),
})

/** The command as people run it, its report written to the folder. */
function command(args) {
  const usage = join(folder, 'usage')
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--import', './bench/print-usage.mjs', 'dist/cli/main.js', 'audit', file, ...args],
      { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, BENCH_USAGE: usage } },
    )
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(readFileSync(usage, 'utf8')))
      else reject(new Error(`tollgate audit ${args.join(' ')} ended with ${code}`))
    })
  })
}

try {
  note(`writing ${rows.toLocaleString('en')} messages to ${folder}`)
  const { bytes, pumpedShare } = await writeLog(file, rows)
  const markets = MARKETS.join(',')
  const [before] = loadavg()
  const r = await interleave(
    [
      peer('duckdb'),
      {
        name: 'audit',
        run: () => timed(() => runChild('bench/audit-read.mjs', [file, markets])),
      },
      peer('readline'),
      {
        name: 'report',
        run: () =>
          timed(() => command(['--markets', markets, '--html', join(folder, 'report.html')])),
      },
      peer('csv-parse'),
    ],
    rounds,
  )

  report.row({ name: 'messages in the file', value: rows, unit: 'rows' })
  report.row({ name: 'size of the file', value: bytes / 1e9, unit: 'GB' })
  report.row({ name: 'load of the machine before', value: before, unit: 'runnable' })
  const titles = {
    duckdb: 'DuckDB: group by prefix and hour',
    'csv-parse': 'csv-parse and Map: the same grouping',
    readline: 'readline, split and Map: the same grouping',
    audit: 'audit: read, analyse, JSON',
    report: 'tollgate audit: with defences replayed, HTML',
  }
  for (const [name, title] of Object.entries(titles)) {
    report.row({ name: title, value: r[name].seconds, unit: 's' })
    report.row({ name: `${title}: CPU`, value: r[name].cpuSeconds, unit: 's' })
    report.row({
      name: `${title}: peak memory`,
      value: r[name].peakMib,
      unit: 'MiB',
      ...(name === 'audit' || name === 'report' ? { target: 2_048, atLeast: false } : {}),
    })
  }
  report.row({ name: 'audit: of that reading', value: r.audit.readMs / 1_000, unit: 's' })
  report.row({ name: 'audit: of that analysis', value: r.audit.analyseMs / 1_000, unit: 's' })
  report.row({
    name: 'audit: fraud found, share of the money',
    value: r.audit.fraudShare,
    unit: 'share',
    peer: 'what was written',
    ratio: r.audit.fraudShare / pumpedShare,
  })
  const against = (name, other, target) =>
    report.row({
      name: titles[name],
      value: r[name].seconds,
      unit: 's',
      peer: titles[other],
      ratio: r[name].seconds / r[other].seconds,
      target,
      atLeast: false,
    })
  report.row({
    name: `${titles.audit}: CPU`,
    value: r.audit.cpuSeconds,
    unit: 's',
    peer: titles.duckdb,
    ratio: r.audit.cpuSeconds / r.duckdb.cpuSeconds,
  })
  against('audit', 'duckdb', 4)
  against('audit', 'csv-parse', 1)
  against('audit', 'readline', null)
  against('report', 'duckdb', null)
  against('report', 'csv-parse', null)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
