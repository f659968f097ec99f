// npm run bench -- http [--json] [--quick] [--parts]: POST /v1/decisions, recorded, against bare Fastify and the tutorial limiter on a local Redis.
// Needs wrk and redis-server (Debian: apt-get install wrk redis-server). One core serves, the other loads.
import { CONNECTIONS, measure, needs, startRedis } from './http-load.mjs'
import { createReport } from './report.mjs'
import { interleave } from './run-child.mjs'

const json = process.argv.includes('--json')
const SECONDS = process.argv.includes('--quick') ? 3 : 8
// where the time goes: the HTTP layer over a constant decision, then deciding, then recording
const KINDS = process.argv.includes('--parts')
  ? ['fastify', 'layer', 'unrecorded', 'tollgate', 'tutorial']
  : ['fastify', 'tollgate', 'tutorial']
needs('wrk', 'redis-server')
const report = createReport('http', ['fastify', 'ioredis', 'better-sqlite3'], json)
const redis = startRedis()

try {
  const r = await interleave(
    KINDS.map((name) => ({ name, run: () => measure(name, SECONDS) })),
    3,
  )
  for (const kind of KINDS) {
    report.row({
      name: `${kind}: requests a second, c=${CONNECTIONS}`,
      value: r[kind].perSecond,
      unit: '1/s',
    })
    report.row({
      name: `${kind}: CPU of the server a request`,
      value: r[kind].cpuMicros,
      unit: 'us',
    })
    report.row({ name: `${kind}: p99`, value: r[kind].p99Micros, unit: 'us' })
  }
  report.row({
    name: 'POST /v1/decisions, recorded',
    value: r.tollgate.perSecond,
    unit: '1/s',
    peer: 'Fastify + tutorial limiter (3 x INCR+EXPIRE)',
    ratio: r.tollgate.perSecond / r.tutorial.perSecond,
    target: 1.8,
  })
  report.row({
    name: 'POST /v1/decisions, recorded',
    value: r.tollgate.perSecond,
    unit: '1/s',
    peer: 'bare Fastify with the same schema',
    ratio: r.tollgate.perSecond / r.fastify.perSecond,
    target: 0.5,
  })
  report.row({
    name: 'CPU a request (lower is better)',
    value: r.tollgate.cpuMicros,
    unit: 'us',
    peer: 'bare Fastify with the same schema',
    ratio: r.tollgate.cpuMicros / r.fastify.cpuMicros,
    target: 2,
    atLeast: false,
  })
  report.write()
  process.exitCode = report.missed().length > 0 ? 1 : 0
} finally {
  redis.kill()
}
