// npm run bench -- http [--json] [--quick] [--parts]: POST /v1/decisions, recorded, against bare Fastify and the tutorial limiter on a local Redis.
// Needs wrk and redis-server (Debian: apt-get install wrk redis-server). One core serves, the other loads.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createReport } from './report.mjs'
import { interleave } from './run-child.mjs'

const json = process.argv.includes('--json')
const SECONDS = process.argv.includes('--quick') ? 3 : 8
// until what is hot is compiled: 20 ms of compiling in a second looks like 2 us a request
const WARM_UP_SECONDS = 4
// where the time goes: the HTTP layer over a constant decision, then deciding, then recording
const KINDS = process.argv.includes('--parts')
  ? ['fastify', 'layer', 'unrecorded', 'tollgate', 'tutorial']
  : ['fastify', 'tollgate', 'tutorial']
const CONNECTIONS = 64
const REDIS_PORT = 6399
for (const tool of ['wrk', 'redis-server']) {
  if (spawnSync('which', [tool]).status !== 0) {
    console.error(`${tool} is missing: apt-get install ${tool}`)
    process.exit(2)
  }
}
const report = createReport('http', ['fastify', 'ioredis', 'better-sqlite3'], json)
const redis = spawn(
  'redis-server',
  ['--port', String(REDIS_PORT), '--save', '', '--appendonly', 'no'],
  { stdio: 'ignore' },
)

async function serve(kind) {
  const child = spawn('taskset', ['-c', '0', process.execPath, 'bench/http-server.mjs', kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_REDIS_PORT: String(REDIS_PORT) },
  })
  let waiting = null
  const lines = []
  child.stdout.on('data', (d) => {
    lines.push(
      ...String(d)
        .split('\n')
        .filter((l) => l !== ''),
    )
    waiting?.()
  })
  const line = async () => {
    while (lines.length === 0)
      await new Promise((resolve) => {
        waiting = resolve
      })
    return Number(lines.shift())
  }
  const cpu = () => {
    child.kill('SIGUSR2')
    return line()
  }
  return {
    port: await line(),
    cpu,
    stop: async () => {
      child.kill()
      await once(child, 'exit')
    },
  }
}

function load(port, seconds, seed) {
  const text = execFileSync(
    'taskset',
    [
      '-c',
      '1',
      'wrk',
      '-t1',
      `-c${CONNECTIONS}`,
      `-d${seconds}s`,
      '--latency',
      '-s',
      'bench/load.lua',
      `http://127.0.0.1:${port}`,
    ],
    { encoding: 'utf8', env: { ...process.env, BENCH_SEED: String(seed) } },
  )
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(text)
  if (bad !== null) throw new Error(`${bad[1]} answers were refusals`)
  const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(text)
  const scale = { us: 1, ms: 1e3, s: 1e6 }
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]),
    requests: Number(/(\d+) requests in/.exec(text)[1]),
    p99Micros: p99 === null ? 0 : Number(p99[1]) * scale[p99[2]],
  }
}

let seed = 1
async function measure(kind) {
  const server = await serve(kind)
  load(server.port, WARM_UP_SECONDS, seed++)
  const before = await server.cpu()
  const loaded = load(server.port, SECONDS, seed++)
  const cpuMicros = ((await server.cpu()) - before) / loaded.requests
  await server.stop()
  return { ...loaded, cpuMicros }
}

try {
  const r = await interleave(
    KINDS.map((name) => ({ name, run: () => measure(name) })),
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
} finally {
  redis.kill()
}
