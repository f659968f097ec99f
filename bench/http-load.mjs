// Servers of bench/http-server.mjs under wrk: one core serves, the other loads.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

const REDIS_PORT = 6399
export const CONNECTIONS = 64
// until what is hot is compiled: 20 ms of compiling in a second looks like 2 us a request
const WARM_UP_SECONDS = 4

/** Ends the bench with what is to be installed. */
export function needs(...tools) {
  for (const tool of tools) {
    if (spawnSync('which', [tool]).status === 0) continue
    console.error(`${tool} is missing: apt-get install ${tool}`)
    process.exit(2)
  }
}

/** The Redis of the servers; kill it when done. */
export const startRedis = () =>
  spawn('redis-server', ['--port', String(REDIS_PORT), '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  })

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
/** Requests a second, CPU of the server a request and p99 of one kind of server. */
export async function measure(kind, seconds) {
  const server = await serve(kind)
  load(server.port, WARM_UP_SECONDS, seed++)
  const before = await server.cpu()
  const loaded = load(server.port, seconds, seed++)
  const cpuMicros = ((await server.cpu()) - before) / loaded.requests
  await server.stop()
  return { ...loaded, cpuMicros }
}
