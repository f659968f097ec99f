import * as postgresServer from '../fakes/postgres-server.js'
import { type PostgresServer, startPostgres } from '../fakes/postgres-server.js'
import * as redisServer from '../fakes/redis-server.js'
import { type RedisCluster, type RedisProcess, startCluster, until } from '../fakes/redis-server.js'
import type { Fault } from './fault.js'
import { type FaultProxy, startFaultProxy, type WireFault } from './fault-proxy.js'
import { randomFrom } from './seeded.js'
import { noSmallDisk, openSmallDisk, type SmallDisk } from './small-disk.js'
import { openStage, type Stage } from './stage.js'

/** Several gateways on a Redis cluster and one PostgreSQL, a wire between each gateway's ledger and the server. */
export interface SharedStage extends Stage {
  readonly redis: readonly RedisProcess[]
  readonly postgres: PostgresServer
  /** to each Redis server, by the address that it announces */
  readonly redisWires: readonly FaultProxy[]
  /** from each gateway to PostgreSQL */
  readonly ledgerWires: readonly FaultProxy[]
  /** the file system that PostgreSQL lies on, where there can be a small one */
  readonly disk: SmallDisk | null
  setRedis(fault: WireFault | null): Promise<unknown>
  setLedger(fault: WireFault | null): Promise<unknown>
  /** Starts Redis servers again that were killed, with nothing in them, and waits until the cluster is whole. */
  restartRedis(...which: RedisProcess[]): Promise<void>
}

/** Faults of gateways that share stores, which there may be none of on this machine. */
export function playable<S extends Stage>(faults: readonly Fault<S>[]): readonly Fault<S>[] {
  const stores = [redisServer, postgresServer]
  const missing = stores.find(({ skipped }) => skipped)?.why.trim()
  return missing === undefined
    ? faults
    : faults.map((fault) => ({ ...fault, cannot: () => missing }))
}

const SEED = 12
/** Room for what a run writes, its log of transactions and twice as much. */
const DISK_MEBIBYTES = 768

export async function openSharedStage(gateways: number): Promise<SharedStage> {
  const random = randomFrom(SEED)
  const down: (() => Promise<unknown> | unknown)[] = []
  const close = async () => {
    for (const step of down.splice(0).reverse()) await step()
  }
  try {
    const cluster = await startCluster()
    down.push(() => cluster.stop())
    const redisWires: FaultProxy[] = []
    for (const { port } of cluster.servers)
      redisWires.push(await startFaultProxy({ to: port, random }))
    down.push(...redisWires.map((wire) => () => wire.close()))
    cluster.servers.forEach((server, n) => {
      announce(server, redisWires[n])
    })
    await announced(cluster, redisWires)

    const disk = noSmallDisk() === null ? openSmallDisk(DISK_MEBIBYTES) : null
    down.push(() => disk?.close())
    const postgres = await onDisk(disk, () =>
      // little room for what is only there for speed, so that a full disk is met soon
      startPostgres({ min_wal_size: '32MB', max_wal_size: '64MB' }),
    )
    down.push(() => postgres.close())
    const database = new URL(await postgres.database())
    const ledgerWires: FaultProxy[] = []
    for (let index = 0; index < gateways; index++)
      ledgerWires.push(await startFaultProxy({ to: postgres.port, random }))
    down.push(...ledgerWires.map((wire) => () => wire.close()))

    const stage = await openStage({
      gateways,
      config: (index) => {
        const url = new URL(database)
        url.port = String(ledgerWires[index]?.port)
        const nodes = redisWires.slice(0, 3).map(({ port }) => `127.0.0.1:${port}`)
        return {
          lines: `redis+cluster://${nodes.join(',')}`,
          ledger: url.href,
          failure: { gateways },
        }
      },
    })
    down.push(() => stage.close())
    return {
      ...stage,
      redis: cluster.servers,
      postgres,
      redisWires,
      ledgerWires,
      disk,
      setRedis: (fault) => Promise.all(redisWires.map((wire) => wire.set(fault))),
      setLedger: (fault) => Promise.all(ledgerWires.map((wire) => wire.set(fault))),
      async restartRedis(...which) {
        await Promise.all(which.map((server) => server.restart()))
        for (const server of which) announce(server, redisWires[cluster.servers.indexOf(server)])
        await announced(cluster, redisWires)
        for (const server of cluster.servers)
          await until('the cluster is whole', () =>
            server.ask('CLUSTER', 'INFO').includes('cluster_state:ok'),
          )
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Clients are told the address of the wire; the servers speak with each other without it. */
function announce(server: RedisProcess, wire: FaultProxy | undefined): void {
  server.ask('CONFIG', 'SET', 'cluster-announce-port', String(wire?.port))
}

/** Everybody has heard of every wire. */
async function announced(cluster: RedisCluster, wires: readonly FaultProxy[]): Promise<void> {
  for (const server of cluster.servers)
    await until('the servers know each other by their wires', () => {
      const known = server.ask('CLUSTER', 'NODES')
      return wires.every(({ port }) => known.includes(`127.0.0.1:${port}@`))
    })
}

/** What is made in a temporary folder is made there. */
async function onDisk<T>(disk: SmallDisk | null, make: () => Promise<T>): Promise<T> {
  const before = process.env.TMPDIR
  if (disk !== null) process.env.TMPDIR = disk.path
  try {
    return await make()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}
