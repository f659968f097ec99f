import Fastify, { type FastifyReply } from 'fastify'
import type { Desk } from '../desk/desk.js'
import { DAY } from '../engine/units.js'
import type { Ledger } from '../ledger/port.js'
import type { Sender } from '../send/port.js'
import { type Conditions, createConditions } from '../verify/conditions.js'
import { REQUEST_MS } from '../verify/patience.js'
import type { Gate } from '../verify/types.js'
import { allowKeys, createAllow } from './access-hook.js'
import { actions } from './admin/actions.js'
import { incidents } from './admin/incidents.js'
import { keys } from './admin/keys.js'
import { lists } from './admin/lists.js'
import { policies } from './admin/policies.js'
import { privacy } from './admin/privacy.js'
import { requests } from './admin/requests.js'
import { requireScope } from './auth.js'
import { acceptJson } from './bodies.js'
import { closeOnceIdle } from './close.js'
import { consoleApi } from './console/console.js'
import { pages as consolePages } from './console/pages.js'
import { countAnswers } from './count-answers.js'
import { answerInTime } from './deadline.js'
import { health } from './health.js'
import { hello } from './hello.js'
import { receipts } from './hooks/receipts.js'
import { KeyCopy, keepCopy } from './key-copy.js'
import { KeyRing } from './key-ring.js'
import { type LogOptions, logging } from './log.js'
import { boundLists } from './longest-lists.js'
import { createMetrics, type Metrics } from './metrics.js'
import { decisions } from './native/decisions.js'
import { outcomes } from './native/outcomes.js'
import { verifications } from './native/verifications.js'
import { describe } from './openapi.js'
import type { PressureOptions } from './pressure.js'
import { answerErrors, problemSender, type Send } from './problem.js'
import { Refusal } from './refusal.js'
import { decorateRequests } from './request.js'
import { addSchemas, type TypeBoxProvider } from './schema.js'
import { scrape } from './scrape.js'
import { loadOf, shedLoad } from './shed.js'
import {
  answerBrokenRequests,
  boundConnection,
  boundConnections,
  MOST_CONNECTIONS,
  namesTwoHosts,
} from './socket.js'
import { sourceKey } from './source.js'
import { traceRequests } from './trace-requests.js'
import { absentOfTwilios, isTwilios, twilioSender } from './twilio/answer.js'
import { twilio } from './twilio/routes.js'
import type { App, Wiring } from './wiring.js'

export interface ServerOptions {
  gate: Gate
  ledger: Ledger
  /** receipts are read by it, health and breakers come from it */
  sender: Sender
  /** the console and its API are served where there is one */
  desk?: Desk
  /** Unix ms. @default Date.now */
  clock?: () => number
  /** cryptographically secure random bytes */
  random: (bytes: number) => Buffer
  /** shared with `metrics.meter(sender)` so that sends are counted. @default metrics of its own */
  metrics?: Metrics
  /** `false`: no log. @default level info to standard output */
  log?: LogOptions | false
  /** addresses and CIDRs whose X-Forwarded-* headers are believed. @default none */
  trustedProxies?: readonly string[]
  /** origin under which callers reach this gateway, without a slash at its end. @default taken from the request */
  publicUrl?: string
  /** bytes of a body, outcomes excepted. @default 65536 */
  bodyLimit?: number
  /** open at once on this node; more are dropped. @default 10000 */
  maxConnections?: number
  /** per key and node. @default 2000 */
  requestsPerSecond?: number
  /** failed attempts to authenticate per source address (v6: /64). @default 30 */
  failuresPerMinute?: number
  /** ms a revoked key may still work. @default 5000 */
  keyRecheckMs?: number
  /** ms for which a proven key still works while the ledger is lost. @default 0 */
  keysWithoutLedgerMs?: number
  /** ms for a request to arrive whole. @default 10000 */
  requestTimeoutMs?: number
  /** ms that a request of an application waits for its stores. @default 10000 */
  requestMs?: number
  /** `false`: /metrics needs a key with scope admin. @default true */
  openMetrics?: boolean
  /** `true`: a span around each request, by whatever OpenTelemetry SDK the process has. @default false */
  tracing?: boolean
  /** when requests are turned away because there is too much to do. @default never */
  pressure?: PressureOptions
  /** how everything is that this gateway depends on. @default it depends on nothing */
  conditions?: Conditions
  /** shown by `/` and /openapi.json. @default '0.0.0' */
  version?: string
}

/** Answers hold numbers and decisions: no cache may keep them, and no browser guess what they are. */
function guardAnswer(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store')
  reply.header('x-content-type-options', 'nosniff')
}

const latest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)

/** The gateway's HTTP server, ready to listen. `close()` lets requests in flight finish. */
export async function createServer(options: ServerOptions): Promise<App> {
  const {
    gate,
    ledger,
    sender,
    random,
    clock = Date.now,
    metrics = createMetrics(() => Object.keys(gate.policy.policy.services)),
    log = {},
    trustedProxies = [],
    bodyLimit = 65_536,
    maxConnections = MOST_CONNECTIONS,
    requestsPerSecond = 2000,
    failuresPerMinute = 30,
    keyRecheckMs = 5000,
    requestTimeoutMs = 10_000,
    openMetrics = true,
    conditions = createConditions(),
    version = '0.0.0',
  } = options

  const sendProblem = problemSender(clock)
  const sendTwilio = twilioSender(clock)
  const send: Send = (error, request, reply) =>
    (isTwilios(request) ? sendTwilio : sendProblem)(error, request, reply)
  let served = 0
  const boot = random(4).toString('hex')
  const app: App = Fastify({
    ...logging(log),
    bodyLimit,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    genReqId: () => `${boot}-${(served++).toString(36)}`,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    // what still arrives on a connection while the server closes is answered, and the connection then ends: Fastify's
    // own 503 has no code that would tell the caller anything
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    http: {
      maxHeaderSize: 16_384,
      requestTimeout: requestTimeoutMs,
      // Node's own is 60 s for the head, looked at every 30 s: a slow client would hold its connection for as long
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(2_000, requestTimeoutMs),
    },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: true,
        verbose: true,
      },
    },
    // what fails before a route is found
    frameworkErrors: (error, request, reply) => {
      guardAnswer(reply)
      void send(error, request, reply)
    },
    clientErrorHandler: answerBrokenRequests,
  }).withTypeProvider<TypeBoxProvider>()

  decorateRequests(app)
  boundConnections(app, maxConnections, metrics)
  boundConnection(app)
  if (options.tracing === true) traceRequests(app)
  closeOnceIdle(app)
  addSchemas(app)
  answerErrors(app, send, absentOfTwilios)
  app.addHook('onRequest', (request, reply, done) => {
    guardAnswer(reply)
    if (!namesTwoHosts(request.raw.rawHeaders)) return done()
    reply.header('connection', 'close')
    done(new Refusal('malformed_request'))
  })
  if (options.pressure !== undefined)
    conditions.add(loadOf(shedLoad(app, metrics, options.pressure)))
  metrics.depends(conditions)
  if (options.desk) metrics.sinks(options.desk.alerts.figures, clock)
  countAnswers(app, metrics)
  boundLists(app)
  answerInTime(app, send, options.requestMs ?? REQUEST_MS)
  await describe(app, version, options.publicUrl)

  const { keysWithoutLedgerMs: withoutLedgerMs = 0 } = options
  const ring = new KeyRing({
    ledger,
    clock,
    recheckMs: keyRecheckMs,
    withoutLedgerMs,
    ...(withoutLedgerMs > 0 && { copy: keepCopy(app, new KeyCopy(ledger, clock)) }),
    requestsPerSecond,
    failuresPerMinute,
  })
  // Prometheus has to learn of a lost ledger from the gateway that lost it
  const scraping = ring.apart(DAY)
  const guardOf =
    (asked: KeyRing): Wiring['guard'] =>
    (scope) =>
      requireScope(asked, scope, { clock, sourceKey })
  const guard = guardOf(ring)
  const { desk } = options
  const wiring: Wiring = {
    gate,
    ledger,
    sender,
    metrics,
    conditions,
    clock,
    random,
    publicUrl: options.publicUrl,
    guard,
    keyLastUse: (keyId) => latest(ring.lastUse(keyId), scraping.lastUse(keyId)),
    allow: desk ? createAllow({ access: desk.access, guard, clock }) : allowKeys(guard),
  }

  const pages = desk === undefined ? null : consolePages(wiring)
  await hello(app, version, pages)
  health(app, wiring)
  scrape(openMetrics ? null : guardOf(scraping)('admin'))(app, wiring)
  await app.register(async (native: App) => {
    acceptJson(native)
    for (const routes of [verifications, decisions, outcomes]) routes(native, wiring)
    for (const routes of [keys, policies, lists, requests, actions, incidents, privacy])
      routes(native, wiring)
  })
  if (desk !== undefined) {
    await app.register(async (console: App) => {
      acceptJson(console)
      consoleApi(console, { ...wiring, desk })
    })
  }
  if (pages !== null) await app.register(pages.routes)
  await app.register(async (hooks: App) => receipts(hooks, wiring))
  await app.register(async (compatible: App) => twilio(compatible, wiring))
  return app
}
