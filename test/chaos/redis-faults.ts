import type { RedisProcess } from '../fakes/redis-server.js'
import { until } from '../fakes/redis-server.js'
import type { Fault } from './fault.js'
import type { WireFault } from './fault-proxy.js'
import type { LinesStage } from './lines-stage.js'
import type { SharedStage } from './shared-stage.js'

type RedisFault = Fault<SharedStage>

type Servers = Pick<SharedStage, 'redis'>

const primaries = ({ redis }: Servers): RedisProcess[] =>
  redis.filter((server) => server.ask('ROLE').startsWith('master'))

const aPrimary = (stage: Servers): RedisProcess => {
  const [server] = primaries(stage)
  if (server === undefined) throw new Error('no Redis is a primary')
  return server
}

const wire = (name: string, what: string, fault: WireFault): RedisFault => ({
  name,
  what,
  begin: (stage) => stage.setRedis(fault),
  end: (stage) => stage.setRedis(null),
})

let gone: RedisProcess | null = null

/** What happens to the lines of credit. */
export const REDIS_FAULTS: readonly RedisFault[] = [
  {
    name: 'redis-failover',
    what: 'kill -9 of a primary of the Redis cluster: its replica takes over',
    begin(stage) {
      gone = aPrimary(stage)
      return gone.kill()
    },
    end: (stage) => (gone === null ? undefined : stage.restartRedis(gone)),
  },
  {
    name: 'redis-primary-stopped',
    what: 'a primary of the Redis cluster stands still (SIGSTOP): its replica takes over',
    begin(stage) {
      gone = aPrimary(stage)
      gone.pause()
    },
    end: () => gone?.resume(),
  },
  {
    name: 'redis-stopped',
    what: 'all Redis stands still (SIGSTOP)',
    begin: ({ redis }) => {
      for (const server of redis) server.pause()
    },
    end: ({ redis }) => {
      for (const server of redis) server.resume()
    },
  },
  {
    name: 'redis-gone',
    what: 'kill -9 of all Redis, which comes back with nothing',
    begin: ({ redis }) => Promise.all(redis.map((server) => server.kill())),
    end: (stage) => stage.restartRedis(...stage.redis),
  },
  {
    name: 'redis-flushed',
    what: 'FLUSHALL on every primary',
    holdMs: 0,
    begin: async (stage) => {
      await until('there are three primaries', () => primaries(stage).length === 3)
      for (const server of primaries(stage)) server.ask('FLUSHALL')
    },
    end: () => undefined,
  },
  wire('redis-slow', 'Redis is 2 s away', { kind: 'latency', ms: 2_000 }),
  wire('redis-loss', '20 % of the packets to Redis are lost', { kind: 'loss', share: 0.2 }),
  wire('redis-refuses', 'Redis refuses connections', { kind: 'refuse' }),
  wire('redis-half-open', 'Redis has forgotten its connections and tells nobody', {
    kind: 'half-open',
  }),
  wire('redis-narrow', 'Redis has 20 kB/s for each connection', {
    kind: 'bandwidth',
    bytesPerSecond: 20_000,
  }),
]

/** What differs where one primary has a replica, and three sentinels decide which is which. */
export const SENTINEL_FAULTS: readonly Fault<LinesStage>[] = [
  {
    name: 'sentinel-failover',
    what: 'kill -9 of the primary: the sentinels name its replica',
    begin(stage) {
      gone = aPrimary(stage)
      return gone.kill()
    },
    end: () => gone?.restart(),
  },
  {
    name: 'sentinel-primary-stopped',
    what: 'the primary stands still (SIGSTOP) with open connections: the sentinels name its replica',
    // what was killed before becomes a replica
    ready: (stage) => until('there is one primary', () => primaries(stage).length === 1),
    begin(stage) {
      gone = aPrimary(stage)
      gone.pause()
    },
    end: () => gone?.resume(),
  },
  {
    name: 'sentinels-gone',
    what: 'kill -9 of all sentinels: the primary goes on',
    begin: ({ sentinels }) => Promise.all(sentinels.map((sentinel) => sentinel.kill())),
    end: ({ sentinels }) => Promise.all(sentinels.map((sentinel) => sentinel.restart())),
  },
]

const only = ({ redis: [server] }: Servers): RedisProcess => {
  if (server === undefined) throw new Error('there is no Redis')
  return server
}

/** What differs where there is one Redis and nobody to take its place. */
export const SINGLE_FAULTS: readonly Fault<LinesStage>[] = [
  {
    name: 'single-restarted',
    what: 'kill -9 of the only Redis, started again with its append-only file',
    begin: (stage) => only(stage).kill(),
    end: (stage) => only(stage).restart(),
  },
  {
    name: 'single-lost',
    what: 'kill -9 of the only Redis, started again without its file',
    begin: (stage) => only(stage).kill(),
    end: (stage) => only(stage).restart({ empty: true }),
  },
  {
    name: 'single-stopped',
    what: 'the only Redis stands still (SIGSTOP)',
    begin: (stage) => only(stage).pause(),
    end: (stage) => only(stage).resume(),
  },
]
