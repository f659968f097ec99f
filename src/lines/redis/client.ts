import type { Cluster, Redis } from 'ioredis'
import { faultOf, RedisLinesError } from './fault.js'
import { keyText, type Name } from './keys.js'
import { commandOf, requestBytes } from './request.js'
import { SCRIPTS, type Script } from './scripts.js'
import { TimeLimit } from './time-limit.js'
import { isVague, openingError, tlsOf } from './tls.js'
import { shown, type Target } from './url.js'

export interface ClientOptions {
  /** time limit of a connection, ms */
  connectMs: number
  /** time limit of one call, ms */
  commandMs: number
  /** begins the key of every name. @default '' */
  prefix?: string
  onError: (error: Error) => void
}

/** What the store asks of Redis, one or many of them. */
export interface Client {
  readonly isCluster: boolean
  /** One script on keys of one slot. Loaded where it is missing. */
  run(script: Script, keys: readonly Name[], args: readonly (string | Buffer)[]): Promise<unknown>
  /** Any command on one key or none */
  call(command: string, ...args: (string | number)[]): Promise<unknown>
  /** The same command on each primary */
  everywhere(command: string, ...args: (string | number)[]): Promise<unknown[]>
  /** Work on each primary */
  each(work: (primary: Redis) => Promise<void>): Promise<void>
  close(): Promise<void>
}

const RECONNECT_MS = { first: 50, most: 2_000 }

/** @throws Error with an install hint when the client of Redis is not installed */
async function library() {
  try {
    return await import('ioredis')
  } catch (cause) {
    throw new Error('lines in Redis need the package ioredis: npm install ioredis', { cause })
  }
}

/** Connects and loads the scripts. @throws RedisLinesError that says what is wrong and how to mend it */
export async function openClient(target: Target, options: ClientOptions): Promise<Client> {
  const { Redis, Cluster, Command } = await library()
  const { connectMs, commandMs, prefix = '', onError } = options
  const prefixBytes = Buffer.from(prefix)
  const server = shown(target)
  const tls = target.tls === null ? null : tlsOf(target.tls)
  const { sentinel } = target
  const fail = (cause: unknown): RedisLinesError =>
    cause instanceof RedisLinesError ? cause : new RedisLinesError(faultOf(cause), server, cause)
  let lastError: Error | null = null
  const wait = (tries: number): number =>
    Math.min(RECONNECT_MS.most, RECONNECT_MS.first * 2 ** tries)
  const common = {
    lazyConnect: true,
    connectTimeout: connectMs,
    // a charge is never made twice behind our back: who asked is told, and decides
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: wait,
    // a primary that has become a replica: connect anew, to the primary that there is now
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    ...(target.username !== null && { username: target.username }),
    ...(target.password !== null && { password: target.password }),
    ...(tls !== null && { tls }),
  }
  const first = target.hosts[0] ?? { host: '127.0.0.1', port: 6_379 }
  const client: Redis | Cluster =
    target.kind === 'cluster'
      ? new Cluster(target.hosts, {
          lazyConnect: true,
          enableOfflineQueue: false,
          clusterRetryStrategy: wait,
          slotsRefreshTimeout: connectMs,
          // soon enough to follow a failover that no reply has told of
          slotsRefreshInterval: 5_000,
          maxRedirections: 6,
          retryDelayOnFailover: 100,
          retryDelayOnClusterDown: 100,
          redisOptions: common,
        })
      : target.kind === 'sentinel'
        ? new Redis({
            ...common,
            sentinels: target.hosts,
            name: target.primary,
            db: target.db,
            sentinelRetryStrategy: wait,
            ...(tls !== null && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
            ...(sentinel.username !== null && { sentinelUsername: sentinel.username }),
            ...(sentinel.password !== null && { sentinelPassword: sentinel.password }),
          })
        : new Redis({ ...common, ...first, db: target.db })
  const tell = (error: Error): void => {
    lastError = error
  }
  client.on('error', tell)

  const limited = async <T>(work: Promise<T>, limitMs = commandMs): Promise<T> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new RedisLinesError('slow', server)), limitMs)
    })
    try {
      return await Promise.race([work, late])
    } catch (error) {
      throw fail(lastError !== null && faultOf(error) === 'unreachable' ? lastError : error)
    } finally {
      clearTimeout(timer)
    }
  }
  const primaries = (): Redis[] => (client instanceof Cluster ? client.nodes('master') : [client])
  const load = (redis: Redis): Promise<unknown> =>
    Promise.all([
      redis.ping(),
      // said again, for ioredis says nothing when it is refused, and lines would be in database 0
      ...(target.db === 0 ? [] : [redis.select(target.db)]),
      ...SCRIPTS.map(({ text }) => redis.script('LOAD', text)),
    ])

  try {
    await limited(client.connect(), connectMs + commandMs)
    await limited(Promise.all(primaries().map(load)), connectMs + commandMs)
  } catch (error) {
    client.disconnect()
    // a cluster does not say why none of its servers could be asked: one of them alone does
    if (client instanceof Cluster && isVague(error)) {
      const one = new Redis({ ...common, ...first, retryStrategy: () => null })
      one.on('error', tell)
      await one.connect().then(
        () => one.cluster('INFO').catch(tell),
        () => undefined,
      )
      one.disconnect()
    }
    throw openingError(lastError !== null && isVague(error) ? lastError : error, server, target.tls)
  }
  // a primary that took over, or was started again, has no scripts: they are there before the first call needs them
  const reload = (redis: Redis): void => void load(redis).catch(onError)
  if (client instanceof Redis) client.on('ready', () => reload(client))
  else client.on('+node', (redis: Redis) => redis.on('ready', () => reload(redis)))

  const time = new TimeLimit(commandMs, () => {
    // a primary that stands still closes no connection: the sentinels may have another one by now
    if (target.kind === 'sentinel') client.disconnect(true)
    return new RedisLinesError('slow', server)
  })
  const mend = (error: unknown): Error =>
    fail(lastError !== null && faultOf(error) === 'unreachable' ? lastError : error)
  type Call = readonly [what: string, first: string]
  const send = (
    [what, first]: Call,
    keys: readonly Name[],
    args: readonly (string | Buffer)[],
  ): Promise<unknown> => {
    if (client instanceof Cluster) {
      const named = keys.map((key) => keyText(prefix, key))
      return client.callBuffer(what, first, keys.length, ...named, ...args)
    }
    const bytes = requestBytes([what, first], prefixBytes, keys, args)
    return client.sendCommand(commandOf(Command, bytes)) as Promise<unknown>
  }
  const evaluate = (
    script: Script,
    keys: readonly Name[],
    args: readonly (string | Buffer)[],
  ): Promise<unknown> =>
    send(['evalsha', script.sha], keys, args).catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return send(['eval', script.text], keys, args)
    })
  return {
    isCluster: client instanceof Cluster,
    run: (script, keys, args) => time.of(evaluate(script, keys, args), mend),
    call: (command, ...args) => limited(client.call(command, ...args)),
    everywhere: (command, ...args) =>
      limited(Promise.all(primaries().map((redis) => redis.call(command, ...args)))),
    async each(work) {
      await Promise.all(primaries().map(work)).catch((error: unknown) => {
        throw fail(error)
      })
    },
    async close() {
      time.close()
      client.disconnect()
    },
  }
}
