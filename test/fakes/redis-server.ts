import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  cliTls,
  type RedisOptions,
  type RedisProcess,
  startProcess,
  until,
} from './redis-process.js'

export { type RedisOptions, type RedisProcess, skipped, until, why } from './redis-process.js'

const CLI = process.env.TOLLGATE_REDIS_CLI ?? '/usr/bin/redis-cli'

/** A single Redis, empty. Stop it in `afterAll`. */
export const startRedis = (options: RedisOptions = {}): Promise<RedisProcess> =>
  startProcess(options)

export interface RedisSentinels {
  /** `redis+sentinel://...`, as the gateway is configured */
  readonly url: string
  /** a primary and its replica, as they began */
  readonly servers: readonly [RedisProcess, RedisProcess]
  readonly sentinels: readonly RedisProcess[]
  /** Port that the sentinels name as primary now */
  primaryPort(): number
  /** Ends the primary as a crash does and waits until the replica has taken its place */
  failover(): Promise<void>
  stop(): Promise<void>
}

/** One primary, one replica and three sentinels that notice within half a second. */
export async function startSentinels(
  options: Pick<RedisOptions, 'tls' | 'durable'> = {},
): Promise<RedisSentinels> {
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-sentinel-'))
  const primary = await startProcess(options)
  const replica = await startProcess({
    ...options,
    args: ['--replicaof', '127.0.0.1', String(primary.port), '--repl-diskless-sync-delay', '0'],
  })
  const sentinels = await Promise.all(
    [0, 1, 2].map((n) => {
      const file = join(dir, `sentinel-${n}.conf`)
      writeFileSync(
        file,
        [
          `sentinel monitor tollgate 127.0.0.1 ${primary.port} 2`,
          'sentinel down-after-milliseconds tollgate 500',
          'sentinel failover-timeout tollgate 3000',
          '',
        ].join('\n'),
      )
      return startProcess({ ...options, sentinel: file })
    }),
  )
  const servers = [primary, replica] as const
  const asked = sentinels[0] as RedisProcess
  const primaryPort = (): number =>
    Number(asked.ask('SENTINEL', 'get-master-addr-by-name', 'tollgate').split('\n')[1])
  await until('the replica follows its primary', () =>
    replica.ask('INFO', 'replication').includes('master_link_status:up'),
  )
  for (const sentinel of sentinels)
    await until('each sentinel knows the replica and the others', () => {
      const flat = sentinel.ask('SENTINEL', 'MASTER', 'tollgate').split('\n')
      const of = (name: string) => flat[flat.indexOf(name) + 1]
      return of('num-slaves') === '1' && of('num-other-sentinels') === '2'
    })
  return {
    url: `redis${options.tls === undefined ? '' : 's'}+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/tollgate`,
    servers,
    sentinels,
    primaryPort,
    async failover() {
      const before = primaryPort()
      await servers.find(({ port }) => port === before)?.kill()
      await until('the sentinels agree on another primary', () => primaryPort() !== before)
      const now = servers.find(({ port }) => port === primaryPort())
      await until('the replica is a primary', () => now?.ask('ROLE').startsWith('master') === true)
    },
    async stop() {
      await Promise.all([...sentinels, ...servers].map((server) => server.stop()))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export interface RedisCluster {
  /** `redis+cluster://...`, as the gateway is configured */
  readonly url: string
  /** three primaries, then a replica of each in the same order */
  readonly servers: readonly RedisProcess[]
  /** Ends the n-th primary as a crash does and waits until its replica serves its slots */
  failover(n: number): Promise<void>
  /** Hands one slot with its keys from the primary that has it to another one. @returns index of the one that had it */
  moveSlot(slot: number, to: number): number
  stop(): Promise<void>
}

/** Three primaries and three replicas; a primary that is gone is replaced within about two seconds. */
export async function startCluster(options: Pick<RedisOptions, 'tls'> = {}): Promise<RedisCluster> {
  const servers = await Promise.all(
    Array.from({ length: 6 }, () =>
      startProcess({
        ...options,
        args: [
          ...(options.tls === undefined ? [] : ['--tls-cluster', 'yes']),
          ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'],
          ...['--cluster-port', '0', '--repl-diskless-sync-delay', '0'],
        ],
      }),
    ),
  )
  const at = (n: number): RedisProcess => servers[n] as RedisProcess
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`)
  execFileSync(CLI, [
    ...cliTls(options.tls),
    ...['--cluster', 'create', ...addresses],
    ...['--cluster-replicas', '1', '--cluster-yes'],
  ])
  const isWhole = (server: RedisProcess): boolean =>
    server.ask('CLUSTER', 'INFO').includes('cluster_state:ok')
  for (const server of servers) await until('the cluster is whole', () => isWhole(server))
  for (const server of servers.slice(3))
    await until('replicas follow', () =>
      server.ask('INFO', 'replication').includes('master_link_status:up'),
    )
  const idOf = (n: number): string => at(n).ask('CLUSTER', 'MYID')
  return {
    url: `redis${options.tls === undefined ? '' : 's'}+cluster://${addresses.slice(0, 3).join(',')}`,
    servers,
    async failover(n) {
      const replica = servers.slice(3).find((server) => {
        const line = server
          .ask('CLUSTER', 'NODES')
          .split('\n')
          .find((l) => l.includes('myself'))
        return line?.split(' ')[3] === idOf(n)
      })
      if (replica === undefined) throw new Error(`nobody follows primary ${n}`)
      await at(n).kill()
      await until('its replica is a primary', () => replica.ask('ROLE').startsWith('master'))
      await until('the cluster is whole again', () => isWhole(replica))
    },
    moveSlot(slot, to) {
      const owns = (n: number): boolean =>
        at(n)
          .ask('CLUSTER', 'NODES')
          .split('\n')
          .filter((line) => line.includes('myself'))
          .some((line) =>
            line
              .split(' ')
              .slice(8)
              .some((range) => {
                const [first = -1, last = first] = range.split('-').map(Number)
                return slot >= first && slot <= last
              }),
          )
      const from = [0, 1, 2].find(owns)
      if (from === undefined) throw new Error(`no primary owns slot ${slot}`)
      if (from === to) return from
      at(to).ask('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', idOf(from))
      at(from).ask('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', idOf(to))
      const keys = at(from).ask('CLUSTER', 'GETKEYSINSLOT', String(slot), '100000')
      for (const key of keys.split('\n').filter((k) => k !== ''))
        at(from).ask('MIGRATE', '127.0.0.1', String(at(to).port), key, '0', '5000')
      for (const n of [to, from, 3 - to - from])
        at(n).ask('CLUSTER', 'SETSLOT', String(slot), 'NODE', idOf(to))
      return from
    },
    async stop() {
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}
