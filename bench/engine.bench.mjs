// npm run bench -- engine [--json] [--quick]: decisions in process, beside the peers users would pick, interleaved.

import { createReport } from './report.mjs'
import { interleave, runChild } from './run-child.mjs'

const json = process.argv.includes('--json')
const quick = process.argv.includes('--quick')
const rounds = quick ? 1 : 3
const big = quick ? 3_000_000 : 10_000_000
const child = (...args) => runChild('bench/engine-case.mjs', args)
const report = createReport(
  'engine',
  ['rate-limiter-flexible', 'libphonenumber-js', 'better-sqlite3'],
  json,
)

const r = await interleave(
  [
    { name: 'small', run: () => child('decide', 10_000) },
    { name: 'million', run: () => child('decide', 1_000_000) },
    { name: 'flexible', run: () => child('flexible') },
    { name: 'map', run: () => child('map', 1_000_000) },
    { name: 'raw', run: () => child('core') },
    { name: 'remembered', run: () => child('gate') },
    { name: 'recorded', run: () => child('gate-sqlite') },
    { name: 'big', run: () => child('decide', big) },
  ],
  rounds,
)

const millions = `${big / 1e6} M`
report.row({
  name: 'decide(), 12 lines and all rules, 10 k records',
  value: r.small.perSecond,
  unit: '1/s',
})
report.row({
  name: 'decide(), 12 lines and all rules, 1 M records',
  value: r.million.perSecond,
  unit: '1/s',
  target: 250_000,
})
report.row({
  name: `decide(), 12 lines and all rules, ${millions} records`,
  value: r.big.perSecond,
  unit: '1/s',
})
report.row({ name: 'CPU a decision, 10 k records', value: r.small.cpuMicros, unit: 'us' })
report.row({ name: 'CPU a decision, 1 M records', value: r.million.cpuMicros, unit: 'us' })
report.row({
  name: `CPU a decision, ${millions} records`,
  value: r.big.cpuMicros,
  unit: 'us',
  peer: 'the same at 10 k',
  ratio: r.big.cpuMicros / r.small.cpuMicros,
  target: 1.6,
  atLeast: false,
})
report.row({
  name: 'bytes a record at 1 M',
  value: r.million.bytesPerRecord,
  unit: 'B',
  target: 64,
  atLeast: false,
})
report.row({
  name: `bytes a record at ${millions}`,
  value: r.big.bytesPerRecord,
  unit: 'B',
  target: 64,
  atLeast: false,
})
report.row({
  name: 'decide() at 1 M, against a limiter of 3 counters',
  value: r.million.perSecond,
  unit: '1/s',
  peer: 'rate-limiter-flexible memory x 3',
  ratio: r.million.perSecond / r.flexible.perSecond,
  target: 1,
})
report.row({
  name: 'the same in CPU a call (lower is better)',
  value: r.million.cpuMicros,
  unit: 'us',
  peer: 'rate-limiter-flexible memory x 3',
  ratio: r.million.cpuMicros / r.flexible.cpuMicros,
  target: 1,
  atLeast: false,
})
report.row({
  name: 'decide() at 1 M, against 15 counters in a Map',
  value: r.million.perSecond,
  unit: '1/s',
  peer: 'Map of objects x 15',
  ratio: r.million.perSecond / r.map.perSecond,
  target: 2,
})
report.row({
  name: 'a raw request decided and charged, not recorded',
  value: r.raw.perSecond,
  unit: '1/s',
  target: 100_000,
})
report.row({
  name: 'gate.decide(raw request), recorded in memory',
  value: r.remembered.perSecond,
  unit: '1/s',
})
report.row({
  name: 'gate.decide(raw request), recorded in SQLite',
  value: r.recorded.perSecond,
  unit: '1/s',
})
report.row({ name: 'CPU of it', value: r.recorded.cpuMicros, unit: 'us' })
report.write()
process.exitCode = report.missed().length > 0 ? 1 : 0
