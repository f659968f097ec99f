import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPackage } from '../e2e/built-package.js'
import { type Endpoint, startEndpoint } from '../fakes/http-endpoint.js'
import { type PostgresServer, startPostgres } from '../fakes/postgres-server.js'
import {
  type RedisProcess,
  startCluster,
  startRedis,
  startSentinels,
} from '../fakes/redis-server.js'
import { type GatewayProcess, gatewayProcess } from './gateway-process.js'

/** Everything of a cluster on one machine: Redis, PostgreSQL, a provider and some gateways, each a process. */
export interface Topology {
  /** the only one, or the first */
  readonly redis: RedisProcess
  readonly lines: SharedLines
  readonly postgres: PostgresServer
  /** where messages go */
  readonly provider: Endpoint
  readonly gateways: readonly GatewayProcess[]
  /** URL of the gateways' database */
  readonly ledgerUrl: string
  /** Another one, not yet started. @param env what is other than at the rest */
  gateway(name: string, env?: Record<string, string | undefined>): GatewayProcess
  /** Moves what all gateways take for the time of day; their timers go on as they were. */
  moveClock(ms: number): void
  /** Messages to a number, oldest first: the code of each. */
  codesFor(to: string): string[]
  /** Ends everything, whatever state it is in. */
  close(): Promise<void>
}

/** Where the lines are, one server or several. */
export interface SharedLines {
  readonly url: string
  readonly servers: readonly RedisProcess[]
  /** Ends a primary as a crash does and waits until another one has taken its place. */
  failover(): Promise<void>
  stop(): Promise<void>
}

const LINES = {
  single: async (): Promise<SharedLines> => {
    const redis = await startRedis()
    return {
      ...{ url: redis.url, servers: [redis], stop: () => redis.stop() },
      failover: () => Promise.reject(new Error('a single Redis has nobody to take its place')),
    }
  },
  sentinel: async (): Promise<SharedLines> => startSentinels(),
  cluster: async (): Promise<SharedLines> => {
    const cluster = await startCluster()
    return { ...cluster, failover: () => cluster.failover(0) }
  },
} as const

const POLICY = `version: 1
mode: enforce
services:
  signup:
    markets: [NG, GH, KE]
`
export const KEY = `AC${'0'.repeat(32)}:a-secret-of-this-test-only`
const SECRET = 'c'.repeat(64)
const CLOCK = pathToFileURL(resolve(import.meta.dirname, '../chaos/moved-clock.mjs')).href

export interface TopologyOptions {
  /** @default ['a', 'b'] */
  names?: readonly string[]
  /** @default one service, signup, enforced */
  policy?: string | null
  /** what the gateways share their lines in. @default 'single' */
  lines?: keyof typeof LINES
  env?: Record<string, string>
  /** the built command. @default TOLLGATE_MAIN of the environment, or built from the sources */
  main?: string
}

export async function startTopology(options: TopologyOptions = {}): Promise<Topology> {
  const { names = ['a', 'b'], policy = POLICY } = options
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-cluster-'))
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const close = async (): Promise<void> => {
    for (const end of closing.reverse().splice(0)) await end()
  }
  try {
    const [lines, postgres, provider] = await Promise.all([
      LINES[options.lines ?? 'single'](),
      startPostgres(),
      startEndpoint(),
    ])
    closing.push(
      () => provider.close(),
      () => postgres.close(),
      () => lines.stop(),
    )
    provider.answers({ status: 200, body: { id: 'm-1' } })
    const ledgerUrl = await postgres.database()
    const built = options.main ?? process.env.TOLLGATE_MAIN
    if (built === undefined) buildPackage(folder)
    const main = built ?? join(folder, 'dist/cli/main.js')
    if (policy !== null) writeFileSync(join(folder, 'policy.yaml'), policy)
    // cheap messages: an opening credit of USD 0.20 lets twenty through, enough for the detector to name a range
    writeFileSync(join(folder, 'prices.csv'), 'NG,0.01\n*,0.05\n')
    const clock = join(folder, 'clock')
    let moved = 0
    writeFileSync(clock, '0')
    const gateway = (
      name: string,
      env: Record<string, string | undefined> = {},
    ): GatewayProcess => {
      const cwd = join(folder, `gateway-${name}`)
      mkdirSync(cwd, { recursive: true })
      const one = gatewayProcess({
        ...{ name, main, cwd, key: KEY },
        env: {
          NODE_OPTIONS: `--import ${CLOCK}`,
          CHAOS_CLOCK: clock,
          TOLLGATE_LINES: lines.url,
          TOLLGATE_LEDGER: ledgerUrl,
          TOLLGATE_SECRET: SECRET,
          TOLLGATE_BOOTSTRAP_KEY: KEY,
          TOLLGATE_PRICES: join(folder, 'prices.csv'),
          TOLLGATE_SEND: JSON.stringify([
            { name: 'local', type: 'http', url: `${provider.url}/sms`, allowPrivate: true },
          ]),
          ...(policy !== null && { TOLLGATE_POLICY: join(folder, 'policy.yaml') }),
          ...options.env,
          ...env,
        },
      })
      closing.push(() => one.kill())
      return one
    }
    const gateways = names.map((name) => gateway(name))
    await Promise.all(gateways.map((one) => one.start()))
    return {
      ...{
        redis: lines.servers[0] as RedisProcess,
        lines,
        postgres,
        provider,
        gateways,
        ledgerUrl,
        gateway,
        close,
      },
      moveClock(ms) {
        moved += ms
        writeFileSync(clock, String(moved))
      },
      codesFor: (to) =>
        provider.requests.flatMap(({ body }) => {
          const message = JSON.parse(body) as { to: string; body: string }
          return message.to === to ? [/\d{4,10}/.exec(message.body)?.[0] ?? ''] : []
        }),
    }
  } catch (error) {
    await close()
    throw error
  }
}
