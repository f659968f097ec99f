import type { RedisProcess } from '../fakes/redis-server.js'
import { until } from '../fakes/redis-server.js'
import type { Fault } from './fault.js'
import type { WireFault } from './fault-proxy.js'
import type { SharedStage } from './shared-stage.js'

type RedisFault = Fault<SharedStage>

const primaries = ({ redis }: SharedStage): RedisProcess[] =>
  redis.filter((server) => server.ask('ROLE').startsWith('master'))

const aPrimary = (stage: SharedStage): RedisProcess => {
  const [server] = primaries(stage)
  if (server === undefined) throw new Error('the cluster has no primary')
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
