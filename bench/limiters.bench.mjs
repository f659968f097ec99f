// npm run bench -- limiters [--json] [--write] [--quick]: Tollgate beside what people put before their codes today, in one run: in process, on
// Redis and over HTTP, and what each of them does. Needs wrk and redis-server.
import { CONNECTIONS, measure, needs, startRedis } from './http-load.mjs'
import { abilitiesTable } from './limiters-abilities.mjs'
import { createReport } from './report.mjs'
import { interleave, runChild } from './run-child.mjs'

const json = process.argv.includes('--json')
const quick = process.argv.includes('--quick')
const rounds = quick ? 1 : 3
const seconds = quick ? 2 : 8
needs('wrk', 'redis-server')
const report = createReport(
  'limiters',
  ['rate-limiter-flexible', '@fastify/rate-limit', 'fastify', 'ioredis', 'better-sqlite3'],
  json,
)

const engine = (name) => runChild('bench/engine-case.mjs', [name, quick ? 10_000 : 1_000_000])
const redis = (name) => runChild('bench/redis-case.mjs', [name, quick ? 1 : 3])
const inProcess = await interleave(
  ['decide', 'flexible'].map((name) => ({ name, run: () => engine(name) })),
  rounds,
)
const onRedis = await interleave(
  ['tollgate', 'flexible', 'tutorial'].map((name) => ({ name, run: () => redis(name) })),
  rounds,
)
const server = startRedis()
let overHttp
try {
  overHttp = await interleave(
    ['tollgate', 'plugin', 'plugin-redis', 'tutorial'].map((name) => ({
      name,
      run: () => measure(name, seconds),
    })),
    rounds,
  )
} finally {
  server.kill()
}

/** One line a contender; Tollgate's own is what the others are compared with. */
function compare(where, results, names) {
  const [[own]] = names
  for (const [key, name] of names) {
    const { perSecond, cpuMicros, clientMicros, serverMicros, p50Micros, p99Micros } = results[key]
    report.row({
      name: `${where}: ${name}`,
      value: perSecond,
      unit: '1/s',
      ...(key !== own && { peer: 'Tollgate', ratio: perSecond / results[own].perSecond }),
    })
    for (const [what, value] of [
      ['CPU each', cpuMicros ?? clientMicros],
      ['CPU of Redis each', serverMicros],
      ['p50 alone', p50Micros],
      ['p99', p99Micros],
    ])
      if (value !== undefined) report.row({ name: `  ${what}`, value, unit: 'us' })
  }
}

compare('in process', inProcess, [
  ['decide', 'Tollgate, 12 lines and all rules'],
  ['flexible', 'rate-limiter-flexible, 3 counters'],
])
compare('on Redis, 64 in flight', onRedis, [
  ['tollgate', 'Tollgate, 12 lines and all rules'],
  ['flexible', 'rate-limiter-flexible, 3 counters'],
  ['tutorial', 'INCR + EXPIRE of tutorials, 3 counters'],
])
compare(`over HTTP, ${CONNECTIONS} connections`, overHttp, [
  ['tollgate', 'Tollgate, decided and recorded'],
  ['plugin', '@fastify/rate-limit, 1 counter'],
  ['plugin-redis', '@fastify/rate-limit on Redis, 1 counter'],
  ['tutorial', 'INCR + EXPIRE on Redis, 3 counters'],
])
report.write()
if (!json) console.log(`\n${abilitiesTable()}`)
