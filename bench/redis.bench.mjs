// npm run bench -- redis [--json] [--quick] [--write]: decisions on lines in Redis beside the limiters that people would write on it.

import { createReport } from './report.mjs'
import { interleave, runChild } from './run-child.mjs'

const json = process.argv.includes('--json')
const quick = process.argv.includes('--quick')
const child = (name) => runChild('bench/redis-case.mjs', [name, quick ? 1 : 3])
const report = createReport('redis', ['ioredis', 'rate-limiter-flexible'], json)

const r = await interleave(
  ['tollgate', 'tutorial', 'flexible'].map((name) => ({ name, run: () => child(name) })),
  quick ? 1 : 5,
)
const memory = await child('memory')

const tutorial = 'three INCR + EXPIRE by ioredis'
report.row({
  name: 'decisions, 12 lines and all rules, 64 in flight',
  value: r.tollgate.perSecond,
  unit: '1/s',
  peer: tutorial,
  ratio: r.tollgate.perSecond / r.tutorial.perSecond,
  target: 1.2,
})
report.row({
  name: 'the same',
  value: r.tollgate.perSecond,
  unit: '1/s',
  peer: 'three limiters of rate-limiter-flexible',
  ratio: r.tollgate.perSecond / r.flexible.perSecond,
})
report.row({
  name: 'one alone, p50',
  value: r.tollgate.p50Micros,
  unit: 'us',
  peer: tutorial,
  ratio: r.tollgate.p50Micros / r.tutorial.p50Micros,
  target: 0.8,
  atLeast: false,
})
report.row({ name: 'one alone, p99', value: r.tollgate.p99Micros, unit: 'us' })
for (const name of ['tollgate', 'tutorial', 'flexible']) {
  report.row({ name: `${name}: CPU of Redis each`, value: r[name].serverMicros, unit: 'us' })
  report.row({ name: `${name}: CPU of the client each`, value: r[name].clientMicros, unit: 'us' })
}
report.row({
  name: 'scripts a decision',
  value: r.tollgate.callsEach,
  unit: 'calls',
  target: 1.1,
  atLeast: false,
})
report.row({ name: 'commands a check of the tutorial', value: r.tutorial.callsEach, unit: 'calls' })
report.row({
  name: 'bytes a line at rest, with windows and counters',
  value: memory.bytesEach,
  unit: 'bytes',
  target: 200,
  atLeast: false,
})
report.row({
  name: 'a million lines, with the tables of keys and the caps of a day',
  value: memory.wholeEach / 1.048_576,
  unit: 'MiB',
})
report.write()
process.exitCode = report.missed().length > 0 ? 1 : 0
