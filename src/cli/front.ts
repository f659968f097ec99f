import { destination } from 'pino'
import { type Desk, openDesk } from '../desk/desk.js'
import { createLive } from '../desk/live.js'
import type { DeskParts } from '../desk/parts.js'
import type { Change } from '../engine/detect/change.js'
import type { Metrics } from '../http/metrics.js'
import { createServer } from '../http/server.js'
import type { Composed } from '../verify/compose.js'
import { wordsOf } from './change-words.js'
import type { Config } from './config.js'
import { CliFault, EXIT, usageFault } from './fault.js'

export interface FrontOptions
  extends Pick<
    DeskParts,
    'sender' | 'clock' | 'random' | 'prices' | 'network' | 'deployment' | 'signIn'
  > {
  parts: Composed
  metrics: Metrics
  server: Config['server']
  logLevel: Config['log']['level']
  /** spans around requests */
  tracing?: boolean
}

/** What people and applications meet of a gateway: the operators' desk, and the server before it. */
export interface Front {
  app: Awaited<ReturnType<typeof createServer>>
  desk: Desk
  /** Told of every incident, quarantine and outage that begins or ends. */
  changed(change: Change): void
  /** Failures that nobody waits for. */
  report(error: Error): void
  /** @returns where it listens, as an origin. @throws CliFault when it cannot */
  listen(): Promise<string>
  /** Lets requests in flight finish. */
  close(): Promise<void>
}

/** Desk and server over the parts of a gateway. It does not listen yet. */
export async function openFront(options: FrontOptions): Promise<Front> {
  const { parts, metrics, server, logLevel, sender, clock, random, prices, deployment } = options
  const { gate, ledger } = parts
  const log = destination({ dest: 2, sync: false })
  let report = (error: Error): void => {
    process.emitWarning(error)
  }
  const desk = await openDesk({
    gate,
    ledger,
    sender,
    live: createLive({ clock, first: clock() }),
    clock,
    random,
    prices,
    deskKey: parts.deskKey,
    deployment,
    ...(options.network !== undefined && { network: options.network }),
    ...(options.signIn !== undefined && { signIn: options.signIn }),
    warn: (error) => report(error),
  })
  const app = await createServer({
    gate,
    desk,
    ledger,
    sender,
    metrics,
    clock,
    random,
    version: deployment.version,
    log: logLevel === 'silent' ? false : { level: logLevel, stream: log },
    trustedProxies: server.trustProxies,
    requestsPerSecond: server.requestsPerSecond,
    openMetrics: server.openMetrics,
    tracing: options.tracing === true,
    ...(server.publicUrl !== null && { publicUrl: server.publicUrl }),
  })
  report = (err) => app.log.error({ err }, 'upkeep failed; it is tried again')
  return {
    app,
    desk,
    changed(change) {
      app.log.warn(wordsOf(change), 'detector')
      desk.changed(change)
    },
    report: (error) => report(error),
    listen: () => listen(app, server),
    async close() {
      await app.close()
      await desk.close()
      log.flushSync()
    },
  }
}

async function listen(app: Front['app'], { host, port }: Config['server']): Promise<string> {
  const { level } = app.log
  try {
    // the greeting says where it listens
    app.log.level = 'warn'
    await app.listen({ host, port })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw usageFault(
        `port ${port} on ${host} is taken`,
        'stop what listens there, or give another port with --port or TOLLGATE_PORT',
        cause,
      )
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw usageFault(
        `cannot listen on ${host}:${port}: ${message}`,
        'check --host and --port',
        cause,
      )
    throw cause
  } finally {
    app.log.level = level
  }
  const address = app.server.address()
  if (address === null || typeof address === 'string')
    throw new CliFault(EXIT.refused, `the server listens on ${String(address)}, which is no port`)
  const anywhere = host === '0.0.0.0' || host === '::'
  const name = anywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${address.port}`
}
