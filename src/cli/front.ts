import { createHash } from 'node:crypto'
import { destination } from 'pino'
import { type Desk, openDesk } from '../desk/desk.js'
import { createLive } from '../desk/live.js'
import type { DeskParts } from '../desk/parts.js'
import { createRelay, type Relay } from '../desk/relay.js'
import type { Change } from '../engine/detect/change.js'
import { SECOND } from '../engine/units.js'
import { drain } from '../http/close.js'
import type { Metrics } from '../http/metrics.js'
import type { PressureOptions } from '../http/pressure.js'
import { createServer } from '../http/server.js'
import type { Composed } from '../verify/compose.js'
import type { Conditions } from '../verify/conditions.js'
import { wordsOf } from './change-words.js'
import type { Config } from './config.js'
import { originAt } from './console-url.js'
import { CliFault, EXIT, usageFault } from './fault.js'
import { seldom } from './seldom.js'

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
  /** how everything is that the gateway depends on. @default nothing is known */
  conditions?: Conditions
  /** when requests are turned away because there is too much to do. @default never */
  pressure?: PressureOptions
  /** see `ServerOptions.requestMs` */
  requestMs?: number
  /** ms for which a proven key still works while the ledger is lost. @default 0 */
  keysWithoutLedgerMs?: number
}

/** What people and applications meet of a gateway: the operators' desk, and the server before it. */
export interface Front {
  app: Awaited<ReturnType<typeof createServer>>
  desk: Desk
  /** tells the other gateways of the cluster what happens here; `null` for one that is alone */
  relay: Relay | null
  /** Told of every incident, quarantine and outage that begins or ends. */
  changed(change: Change): void
  /** Failures that nobody waits for. */
  report(error: Error): void
  /** @returns where it listens, as an origin. @throws CliFault when it cannot */
  listen(): Promise<string>
  /** Lets requests in flight finish. @param drainMs how long connections end with their next answer before. @default 0 */
  close(drainMs?: number): Promise<void>
}

/** Desk and server over the parts of a gateway. It does not listen yet. */
export async function openFront(options: FrontOptions): Promise<Front> {
  const { parts, metrics, server, logLevel, sender, clock, random, prices, deployment } = options
  const { gate, ledger } = parts
  const log = destination({ dest: 2, sync: false })
  let report = (error: Error): void => {
    process.emitWarning(error)
  }
  const { leader, holder } = parts
  const live = createLive({ clock, first: leader.shared ? firstEvent(clock(), holder) : clock() })
  const relay = leader.shared ? createRelay({ ledger, live, clock, holder }) : null
  const desk = await openDesk({
    gate,
    ledger,
    sender,
    live: relay?.live ?? live,
    leader,
    clock,
    random,
    prices,
    deskKey: parts.deskKey,
    deployment,
    ...(options.conditions !== undefined && { conditions: options.conditions }),
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
    maxConnections: server.maxConnections,
    requestsPerSecond: server.requestsPerSecond,
    openMetrics: server.openMetrics,
    tracing: options.tracing === true,
    ...(options.conditions !== undefined && { conditions: options.conditions }),
    ...(options.pressure !== undefined && { pressure: options.pressure }),
    ...(options.requestMs !== undefined && { requestMs: options.requestMs }),
    keysWithoutLedgerMs: options.keysWithoutLedgerMs ?? 0,
    ...(server.publicUrl !== null && { publicUrl: server.publicUrl }),
  })
  report = seldom(
    (err, again) =>
      app.log.error({ err, ...(again > 0 && { again }) }, 'upkeep failed; it is tried again'),
    clock,
  )
  return {
    app,
    desk,
    relay,
    changed(change) {
      app.log.warn(wordsOf(change), 'detector')
      desk.changed(change)
    },
    report: (error) => report(error),
    listen: () => listen(app, server),
    async close(drainMs = 0) {
      await drain(app.server, drainMs)
      await app.close()
      await desk.close()
      log.flushSync()
    },
  }
}

/**
 * Events of different gateways have different numbers: a page that comes from another one reads anew. All of them count
 * every event, so that they stay as far apart as they begin.
 */
const firstEvent = (now: number, holder: string): number =>
  Math.floor(now / SECOND) * 1_000_000 +
  (createHash('sha256').update(holder).digest().readUInt32LE() % 1_000_000)

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
  return originAt(host, address.port)
}
