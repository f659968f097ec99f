import { createRoster } from '../cluster/roster.js'
import { createTurns } from '../cluster/turns.js'
import type { Change, Incident } from '../engine/detect/change.js'
import type { Policy } from '../engine/policy.js'
import { followLists, refreshLists } from '../http/lists.js'
import { createMetrics } from '../http/metrics.js'
import { createNetwork } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import type { ProviderConfig } from '../send/config.js'
import { providersFromConfig } from '../send/providers.js'
import { createSender } from '../send/sender.js'
import { tracedProvider } from '../tracing/sends.js'
import { type Composed, compose } from '../verify/compose.js'
import { createConditions } from '../verify/conditions.js'
import { secureRandom } from '../verify/random.js'
import { startUpkeep } from '../verify/upkeep.js'
import { logConditions } from './conditions-log.js'
import type { Config } from './config.js'
import { signInOptions } from './console-config.js'
import { leaveConsoleUrl } from './console-url.js'
import { exampleRequest } from './example-number.js'
import { asUsage } from './fault.js'
import { consoleAddress, firstAdmin } from './first-admin.js'
import { bootstrapKey, firstKey } from './first-key.js'
import { type Front, openFront } from './front.js'
import { watchGateway } from './gateway-watch.js'
import { curlLine, type Greeting } from './greeting.js'
import { refusePrivate } from './outward.js'
import { readPolicy } from './policy-file.js'
import { watchPolicy } from './policy-watch.js'
import { pricesOf } from './price-source.js'
import { secretFromEnvironment } from './secret.js'
import { sharedStores } from './shared-stores.js'
import { soleGateway } from './sole-gateway.js'
import { asStore } from './store.js'
import { storesText } from './stores-config.js'
import { startTracing } from './tracing-config.js'
import { VERSION } from './version.js'

export interface GatewayOptions {
  config: Config
  env: Readonly<Record<string, string | undefined>>
  /** Unix ms */
  clock: () => number
  /** where the development sender prints */
  write: (line: string) => void
}

export interface Gateway {
  greeting: Greeting
  /** Reads the policy file again. What goes wrong is told, and what was in force stays. */
  reload(): Promise<void>
  /**
   * Lets requests in flight finish, saves the lines and closes the ledger.
   * @param drainMs how long connections end with their next answer before. @default 0
   */
  close(drainMs?: number): Promise<void>
}

const SNAPSHOT_MS = 5 * 60_000
const POLICY_POLL_MS = 2_000
/** Gateways that start within this time of each other print one link of the first administrator. */
const FIRST_ADMIN_MS = 60_000
/** Entries end, and other processes on the same ledger add some. */
const LISTS_MS = 5_000

/** A whole gateway out of its configuration: store, lines, sender, server and upkeep. */
export async function startGateway({
  config,
  env,
  clock,
  write,
}: GatewayOptions): Promise<Gateway> {
  const startedAt = performance.now()
  const random = secureRandom()
  const { policy, text } = readPolicy(config.policy)
  const prices = await pricesOf(config)
  const providers = await asUsage('', () =>
    providersFromConfig(config.send, { env, now: clock, write }),
  )
  // wrong databases and countries are told as the configuration's fault before the store is touched
  await asUsage('', () => {
    createNetwork(config.network)
    createPhone(config.defaultCountry === null ? {} : { defaultCountry: config.defaultCountry })
  })
  await refusePrivate(config, env)
  const endTracing = await startTracing(config.tracing, env, (text) => report(new Error(text)))
  const { publicUrl } = config.server
  let composed: Composed | null = null
  const metrics = createMetrics(() => Object.keys(composed?.gate.policy.policy.services ?? {}))
  const sender = metrics.meter(
    createSender({
      providers: endTracing === null ? providers : providers.map(tracedProvider),
      unknown: config.failure.unknownSend,
      receiptUrl: (name) =>
        publicUrl === null ? undefined : `${publicUrl}/v1/hooks/${name}/receipts`,
    }),
  )
  let tell: (change: Change) => void = () => undefined
  let known: (incident: Incident) => string | null = () => null
  let say = (what: object, text: string): void => void [what, text]
  let report = (error: Error): void => {
    process.emitWarning(error)
  }
  const secret = secretFromEnvironment(env)
  const conditions = createConditions()
  const stores = await asStore(() =>
    sharedStores(config, {
      ...{ secret, conditions, clock },
      onError: (error) => report(error),
      onLines: (what) => say(what, `lines ${what.state}`),
    }),
  )
  const parts = await asStore(() =>
    compose({
      policy,
      policyText: text,
      policyBy: config.policy === null ? 'built-in' : 'file',
      sender,
      ...stores,
      ...(config.usesData && { data: config.data }),
      numbers: config.numbers,
      ...(config.numberKeys !== null && { numberKeys: config.numberKeys }),
      lines: { capacity: config.capacity },
      prices,
      network: config.network,
      ...(config.defaultCountry !== null && { defaultCountry: config.defaultCountry }),
      ...(secret !== null && { secret }),
      clock,
      random,
      requestMs: config.failure.requestMs,
      upkeep: {
        saveMs: SNAPSHOT_MS,
        retention: {
          requests: config.retention.requestsMs,
          verifications: config.retention.verificationsMs,
        },
      },
      onError: (error) => report(error),
      onChange: (change) => tell(change),
      known: (incident) => known(incident),
      onPolicy: (version) => say({ version }, 'policy of another gateway in force'),
      tracing: endTracing !== null,
    }),
  )
  composed = parts
  const { gate, ledger, leader } = parts
  let opened: Front | null = null
  try {
    const sole =
      config.stores.ledgerUrl !== null && config.stores.linesUrl === null
        ? [await soleGateway(ledger, parts.holder, (error) => report(error))]
        : []
    const { failure } = config
    const roster = leader.shared
      ? createRoster({
          ...{ ledger, clock, holder: parts.holder, gateways: failure.gateways },
          self: { gateway: config.gateway, share: failure.lines === 'closed' ? 0 : failure.share },
          warn: ({ says }) => app.log.warn({ dependency: 'gateways' }, says ?? ''),
        })
      : null
    if (roster !== null) conditions.add(roster.condition)
    const keying = { ledger, env, now: clock(), random }
    const given = await bootstrapKey(keying)
    const send = config.send as ProviderConfig[]
    const front = await openFront({
      parts,
      conditions,
      pressure: config.failure,
      requestMs: config.failure.requestMs,
      keysWithoutLedgerMs: config.failure.ledger === 'spool' ? config.failure.spoolMs : 0,
      sender,
      metrics,
      clock,
      random,
      prices,
      network: config.network,
      signIn: await asUsage('', () => signInOptions(config.console, env)),
      server: config.server,
      logLevel: config.log.level,
      tracing: endTracing !== null,
      deployment: {
        version: VERSION,
        publicUrl,
        policyFile: config.policy,
        configFile: config.file,
        data: config.data,
        providers: send.map(({ name, type }) => ({ name, type, receipts: publicUrl !== null })),
        numbers: config.numbers,
        trustProxies: config.server.trustProxies,
        retention: config.retention,
        allowPrivateSinks: config.allowPrivateSinks,
        rates: config.rates,
        ...(roster !== null && {
          roster: () => ({ ...roster.now(), configured: failure.gateways }),
        }),
        simulation: false,
      },
    })
    opened = front
    const { app, desk } = front
    tell = front.changed
    known = desk.known
    report = front.report
    say = (what, text) => app.log.info(what, text)
    const warn = (what: object, text: string) => app.log.warn(what, text)
    const watches = watchGateway({ ledger, clock, failure: config.failure, conditions, warn })
    const watch =
      config.policy === null
        ? null
        : watchPolicy({
            file: config.policy,
            text,
            gate,
            ledger,
            clock,
            report: (event) =>
              event.ok
                ? app.log.info({ version: event.version }, 'policy in force')
                : app.log.error(
                    { problems: event.problems },
                    'policy refused, the old one stays in force',
                  ),
          })
    await watch?.poll()
    const url = await front.listen()
    // of gateways that start at once one makes the first key and prints the first administrator's link
    const turns = createTurns({ leases: ledger, holder: parts.holder })
    const key = given ?? (await turns.take('first-key', () => firstKey(keying)))
    const consoleUrl = publicUrl ?? consoleAddress(url)
    if (config.usesData) leaveConsoleUrl(config.data, consoleUrl, report)
    const prints =
      !leader.shared || (await ledger.lease('first-admin', parts.holder, FIRST_ADMIN_MS))
    const signIn = prints ? await firstAdmin({ access: desk.access, origin: consoleUrl }) : null
    front.relay?.heard((kind) => {
      const again =
        kind === 'list'
          ? refreshLists({ gate, ledger, clock })
          : kind === 'playbook'
            ? desk.playbook.restore()
            : kind === 'alert'
              ? desk.alerts.reread()
              : null
      again?.catch((error: unknown) =>
        report(error instanceof Error ? error : new Error(String(error))),
      )
    })
    await leader.begin()
    const stopJobs = startUpkeep(
      [
        { everyMs: LISTS_MS, run: followLists({ gate, ledger, clock }) },
        ...desk.jobs,
        ...sole,
        ...watches,
        logConditions(conditions, app.log, clock),
        ...(roster === null ? [] : [roster.job]),
        ...(front.relay === null ? [] : [front.relay.job]),
        ...(watch === null ? [] : [{ everyMs: POLICY_POLL_MS, run: watch.poll }]),
      ],
      (error) => report(error),
    )
    return {
      greeting: {
        url,
        console: consoleUrl,
        signIn,
        version: VERSION,
        config: config.file,
        data: config.usesData ? config.data : 'none',
        cluster: leader.shared
          ? { gateway: config.gateway, stores: storesText(config.stores) }
          : null,
        policy: {
          file: config.policy,
          published: parts.published,
          version: gate.policy.version,
          services: servicesOf(gate.policy.policy),
        },
        senders: send.map(({ name, type }) => ({ name, type })),
        prices: prices.source,
        key,
        curl: curlLine(
          url,
          key,
          exampleRequest(gate.policy),
          send.every(({ type }) => type === 'console'),
        ),
        restored: parts.restored,
        tookMs: performance.now() - startedAt,
      },
      reload: async () => watch?.reload().catch(report),
      async close(drainMs) {
        await stopJobs()
        await roster?.leave().catch(report)
        await front.close(drainMs)
        if (sole.length > 0) await ledger.releaseLease('leader', parts.holder)
        await parts.close()
        await endTracing?.()
      },
    }
  } catch (error) {
    // what listens, and what is open, would keep a process alive that has failed to start
    await opened?.close().catch(report)
    await parts.close().catch(report)
    await endTracing?.().catch(report)
    throw error
  }
}

const servicesOf = ({ services, fallback }: Policy): { name: string; mode: string }[] => {
  const named = Object.values(services).map(({ name, mode }) => ({ name, mode }))
  return fallback === null ? named : [...named, { name: '(any other)', mode: fallback.mode }]
}
