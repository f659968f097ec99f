// npm run bench -- cluster [--json] [--quick] [--write] [--only=embedded|shared] [--rate=<paced, a second>]: whole verifications (start + check) over HTTP, embedded in
// one process and on Redis and PostgreSQL with two, and where the time goes. Needs wrk, redis-server and PostgreSQL. Nothing is
// pinned: gateways, stores, provider and load share the machine's cores, so that all of it is in the figure.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createReport } from './report.mjs'
import { median } from './run-child.mjs'
import { freePort, postgresBin, startPostgres, startRedis } from './shared-stores.mjs'

const json = process.argv.includes('--json')
const quick = process.argv.includes('--quick')
const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice('--only='.length)
const MAIN = process.env.TOLLGATE_MAIN ?? resolve('dist/cli/main.js')
const rate = Number(process.argv.find((arg) => arg.startsWith('--rate='))?.slice(7)) || null
const SECONDS = quick ? 3 : 10
const WARM_UP_SECONDS = quick ? 3 : 8
const ROUNDS = quick ? 1 : 3
const CONNECTIONS = 64
/** clock ticks a second of /proc, which Linux has fixed for user space */
const TICKS = 100

// every rule and line of the default, with limits that a load of verified requests does not reach
const POLICY = `version: 1
mode: enforce
services:
  signup:
    markets: [NG]
    fraudBudget: 1000000 USD
    lines:
      subBlock: { opening: 10000 USD }
      block: { opening: 10000 USD }
      network: { opening: 1000000 }
      subnet: { opening: 1000000 }
      ip: { opening: 100000 }
      number: { opening: 10000 }
    risk: { challenge: 1, challengeWhenFull: 1, duringAttack: 1 }
    rateLimits:
${['number', 'ip', 'device', 'account'].map((per) => `      - { per: ${per}, window: 1h, max: 100000, action: challenge }`).join('\n')}
    distinct:
${['ip', 'device'].map((per) => `      - { of: numbers, per: ${per}, window: 1h, max: 200, action: challenge }`).join('\n')}
`

for (const [tool, from] of [
  ['wrk', 'wrk'],
  ...(only === 'embedded'
    ? []
    : [
        ['redis-server', 'redis-server'],
        ['psql', 'postgresql'],
      ]),
]) {
  if (spawnSync('which', [tool]).status !== 0) {
    console.error(`${tool} is missing: apt-get install ${from}`)
    process.exit(2)
  }
}
if (only !== 'embedded' && postgresBin === undefined) {
  console.error('PostgreSQL is missing: apt-get install postgresql')
  process.exit(2)
}

const report = createReport('cluster', ['fastify', 'ioredis', 'pg', 'better-sqlite3'], json)

/** CPU of a process, its threads and its children that have ended, seconds; 0 when it has ended itself. */
function cpuOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return 0
    throw error
  }
}
const cpuOfAll = (pids) => pids.reduce((sum, pid) => sum + cpuOf(pid), 0)

async function startProvider() {
  const child = spawn(process.execPath, ['bench/cluster-provider.mjs'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  return { child, port: Number(String(line)) }
}

async function startGateway(folder, n, provider, stores) {
  const port = await freePort()
  const config = join(folder, `gateway-${n}.json`)
  writeFileSync(
    config,
    JSON.stringify({
      data: join(folder, `data-${n}`),
      policy: join(folder, 'policy.yaml'),
      log: { level: 'error' },
      server: { port, requestsPerSecond: 1_000_000 },
      send: [
        { name: 'own', type: 'http', url: `http://127.0.0.1:${provider}/sms`, allowPrivate: true },
      ],
      ...stores,
    }),
  )
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('TOLLGATE_'))
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', config, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...Object.fromEntries(clean),
      TOLLGATE_BOOTSTRAP_KEY: 'bench:bench-secret',
      TOLLGATE_SECRET: Buffer.alloc(32, 7).toString('base64'),
    },
  })
  const said = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  if (child.exitCode !== null) throw new Error(`a gateway did not start: ${said}`)
  return { child, port }
}

let seed = 1
/** As many as can be. */
function most(ports, seconds) {
  const args = [`-t${ports.length}`, `-c${CONNECTIONS}`, `-d${seconds}s`, '--latency']
  const text = execFileSync(
    'wrk',
    [...args, '-s', 'bench/verify.lua', `http://127.0.0.1:${ports[0]}`],
    {
      encoding: 'utf8',
      env: { ...process.env, BENCH_SEED: String(seed++), BENCH_PORTS: ports.join(',') },
    },
  )
  const refused = Number(/refused: (\d+)/.exec(text)[1])
  const verified = Number(/verified: (\d+)/.exec(text)[1])
  // contended or overloaded: told in the report; when most are, the load itself is wrong
  if (refused > verified)
    throw new Error(`${refused} refused: ${/first refusal: .*/.exec(text)?.[0]}`)
  return { verified, refused, perSecond: verified / seconds }
}

/** At a rate that is given. */
function paced(ports, rate, seconds) {
  const args = ['bench/paced-load.mjs', rate, seconds, seed++, ...ports].map(String)
  const result = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  if (result.refused > result.verified)
    throw new Error(`${result.refused} refused: ${result.first}`)
  return result
}

/** The same requests, call of the provider and rows, and nothing else: what others take on the same machine. */
async function plainly(name, { processes, script, args }) {
  const provider = await startProvider()
  const children = []
  try {
    const ports = []
    for (let n = 0; n < processes; n++) {
      const given = [script, ...args, String(provider.port)]
      const child = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'inherit'] })
      children.push(child)
      ports.push(Number(String((await once(child.stdout, 'data'))[0])))
    }
    const used = () => cpuOfAll(children.map(({ pid }) => pid))
    most(ports, WARM_UP_SECONDS)
    const before = used()
    const { verified, perSecond } = most(ports, SECONDS)
    const micros = (1e6 * (used() - before)) / verified
    report.row({ name: `${name}: verifications a second`, value: perSecond, unit: '1/s' })
    report.row({ name: `${name}: CPU a verification`, value: micros, unit: 'us' })
    return perSecond
  } finally {
    for (const child of children) {
      child.kill()
      await once(child, 'exit')
    }
    provider.child.kill()
  }
}

async function measure(name, { gateways, stores, target, parts, trips, plain }) {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
  writeFileSync(join(folder, 'policy.yaml'), POLICY)
  const provider = await startProvider()
  const running = []
  try {
    for (let n = 0; n < gateways; n++)
      running.push(await startGateway(folder, n, provider.port, stores))
    const ports = running.map(({ port }) => port)
    const pids = {
      ...Object.fromEntries(running.map(({ child }, n) => [`gateway ${n + 1}`, () => [child.pid]])),
      ...parts,
      provider: () => [provider.child.pid],
    }
    const used = () =>
      Object.fromEntries(Object.entries(pids).map(([part, of]) => [part, cpuOfAll(of())]))
    most(ports, WARM_UP_SECONDS)
    /** What a load took of every part, a verification. */
    const costOf = (load) => {
      const [before, tripsBefore] = [used(), trips()]
      const result = load()
      const [after, tripsAfter] = [used(), trips()]
      const each = (now, then) =>
        Object.fromEntries(Object.keys(now).map((k) => [k, (now[k] - then[k]) / result.verified]))
      return { ...result, cpu: each(after, before), trips: each(tripsAfter, tripsBefore) }
    }
    const rounds = []
    for (let round = 0; round < ROUNDS; round++) rounds.push(costOf(() => most(ports, SECONDS)))
    const perSecond = median(rounds.map((r) => r.perSecond))
    report.row({ name: `${name}: verifications a second`, value: perSecond, unit: '1/s', target })
    report.row({
      ...{ name: `${name}: the same`, value: perSecond, unit: '1/s' },
      ...{ peer: plain.name, ratio: perSecond / plain.perSecond },
    })
    // at half of the target, or of what was reached where that is less: beyond, latency is what the load lasts
    const pace = rate ?? Math.round(Math.min(target, perSecond) / 2)
    const half = costOf(() => paced(ports, pace, SECONDS))
    report.row({
      name: `${name}: refused, contended or shed, of a hundred`,
      value: median(
        [...rounds, half].map((r) => (100 * r.refused) / (r.refused + r.verified || 1)),
      ),
      unit: '%',
      target: 1,
      atLeast: false,
    })
    // a machine too busy to get anything through has nothing to divide by: the paced load does
    const costs = perSecond > 0 ? rounds : [half]
    for (const part of Object.keys(pids))
      report.row({
        name: `${name}: CPU of ${part} a verification`,
        value: median(costs.map(({ cpu }) => cpu[part])) * 1e6,
        unit: 'us',
      })
    for (const trip of Object.keys(trips()))
      report.row({
        name: `${name}: ${trip} a verification`,
        value: median(costs.map((cost) => cost.trips[trip])),
        unit: '',
      })
    report.row({
      name: `${name}: verifications a second, paced at ${pace}`,
      value: half.perSecond,
      unit: '1/s',
    })
    report.row({ name: `${name}: p50 of a request at that rate`, value: half.p50Ms, unit: 'ms' })
    report.row({
      name: `${name}: p99 of a request at that rate`,
      value: half.p99Ms,
      unit: 'ms',
      target: 50,
      atLeast: false,
    })
  } finally {
    for (const { child } of running) {
      child.kill()
      await once(child, 'exit')
    }
    provider.child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

if (only !== 'shared') {
  const name = 'Fastify and better-sqlite3 alone'
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
  const args = [join(folder, 'floor.sqlite')]
  const floor = { processes: 1, script: 'bench/cluster-floor.mjs', args }
  const perSecond = await plainly(`embedded, ${name}`, floor).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  )
  await measure('embedded', {
    gateways: 1,
    stores: {},
    target: 4_000,
    parts: {},
    trips: () => ({}),
    plain: { name, perSecond },
  })
}

if (only !== 'embedded') {
  const name = 'Fastify, ioredis and pg alone'
  const redis = await startRedis()
  const postgres = await startPostgres()
  const args = [redis.url, postgres.url]
  try {
    const perSecond = await plainly(`Redis + PostgreSQL, ${name}`, {
      ...{ processes: 2, script: 'bench/cluster-plain.mjs', args },
    })
    await measure('Redis + PostgreSQL', {
      gateways: 2,
      stores: { lines: redis.url, ledger: postgres.url },
      target: 3_000,
      parts: { Redis: redis.pids, PostgreSQL: postgres.pids },
      trips: () => ({
        'scripts on Redis': redis.calls(),
        'transactions of PostgreSQL': postgres.commits(),
      }),
      plain: { name, perSecond },
    })
  } finally {
    await redis.stop()
    await postgres.stop()
  }
}
report.write()
process.exitCode = report.missed().length > 0 ? 1 : 0
