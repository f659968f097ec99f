import { startPostgres } from '../fakes/postgres-server.js'
import { type RedisProcess, startRedis, startSentinels } from '../fakes/redis-server.js'
import { openStage, type Stage } from './stage.js'

/** Several gateways on one PostgreSQL that nothing happens to, and on a Redis that is no cluster. */
export interface LinesStage extends Stage {
  readonly redis: readonly RedisProcess[]
  /** none where there is one Redis */
  readonly sentinels: readonly RedisProcess[]
}

interface Lines {
  url: string
  redis: readonly RedisProcess[]
  sentinels: readonly RedisProcess[]
  stop(): Promise<void>
}

/** With its file, so that a start without it is another fault. */
export async function single(): Promise<Lines> {
  const server = await startRedis({ durable: true })
  return { url: server.url, redis: [server], sentinels: [], stop: () => server.stop() }
}

export async function behindSentinels(): Promise<Lines> {
  const { url, servers, sentinels, stop } = await startSentinels({ durable: true })
  return { url, redis: servers, sentinels, stop }
}

export async function openLinesStage(
  gateways: number,
  open: () => Promise<Lines>,
): Promise<LinesStage> {
  const down: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const step of down.splice(0).reverse()) await step()
  }
  try {
    const lines = await open()
    down.push(() => lines.stop())
    const postgres = await startPostgres()
    down.push(() => postgres.close())
    const ledger = await postgres.database()
    const stage = await openStage({
      gateways,
      config: () => ({ lines: lines.url, ledger, failure: { gateways } }),
    })
    down.push(() => stage.close())
    return { ...stage, redis: lines.redis, sentinels: lines.sentinels, close }
  } catch (error) {
    await close()
    throw error
  }
}
