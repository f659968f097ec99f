import type { Change } from '../engine/detect/change.js'
import type { Policy } from '../engine/policy.js'
import { refreshLists } from '../http/lists.js'
import { createMetrics } from '../http/metrics.js'
import { createNetwork } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import type { ProviderConfig } from '../send/config.js'
import { providersFromConfig } from '../send/providers.js'
import { createSender } from '../send/sender.js'
import { tracedProvider } from '../tracing/sends.js'
import { type Composed, compose } from '../verify/compose.js'
import { secureRandom } from '../verify/random.js'
import { startUpkeep } from '../verify/upkeep.js'
import type { Config } from './config.js'
import { signInOptions } from './console-config.js'
import { exampleRequest } from './example-number.js'
import { asUsage } from './fault.js'
import { consoleAddress, firstAdmin } from './first-admin.js'
import { bootstrapKey, firstKey } from './first-key.js'
import { openFront } from './front.js'
import { curlLine, type Greeting } from './greeting.js'
import { readPolicy } from './policy-file.js'
import { watchPolicy } from './policy-watch.js'
import { pricesOf } from './price-source.js'
import { secretFromEnvironment } from './secret.js'
import { asStore } from './store.js'
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
  /** Reads the policy file again. */
  reload(): Promise<void>
  /** Lets requests in flight finish, saves the lines and closes the ledger. */
  close(): Promise<void>
}

const SNAPSHOT_MS = 5 * 60_000
const POLICY_POLL_MS = 2_000
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
  const endTracing = await startTracing(config.tracing, env, (text) => report(new Error(text)))
  const { publicUrl } = config.server
  let composed: Composed | null = null
  const metrics = createMetrics(() => Object.keys(composed?.gate.policy.policy.services ?? {}))
  const sender = metrics.meter(
    createSender({
      providers: endTracing === null ? providers : providers.map(tracedProvider),
      receiptUrl: (name) =>
        publicUrl === null ? undefined : `${publicUrl}/v1/hooks/${name}/receipts`,
    }),
  )
  let tell: (change: Change) => void = () => undefined
  let report = (error: Error): void => {
    process.emitWarning(error)
  }
  const secret = secretFromEnvironment(env)
  const parts = await asStore(() =>
    compose({
      policy,
      policyText: text,
      policyBy: config.policy === null ? 'built-in' : 'file',
      sender,
      data: config.data,
      numbers: config.numbers,
      ...(config.numberKeys !== null && { numberKeys: config.numberKeys }),
      lines: { capacity: config.capacity },
      prices,
      network: config.network,
      ...(config.defaultCountry !== null && { defaultCountry: config.defaultCountry }),
      ...(secret !== null && { secret }),
      clock,
      random,
      upkeep: {
        saveMs: SNAPSHOT_MS,
        retention: {
          requests: config.retention.requestsMs,
          verifications: config.retention.verificationsMs,
        },
      },
      onError: (error) => report(error),
      onChange: (change) => tell(change),
      tracing: endTracing !== null,
    }),
  )
  composed = parts
  const { gate, ledger } = parts
  try {
    const keying = { ledger, env, now: clock(), random }
    const given = await bootstrapKey(keying)
    const send = config.send as ProviderConfig[]
    const front = await openFront({
      parts,
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
        simulation: false,
      },
    })
    const { app, desk } = front
    tell = front.changed
    report = front.report
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
    const key = given ?? (await firstKey(keying))
    const consoleUrl = publicUrl ?? consoleAddress(url)
    const signIn = await firstAdmin({ access: desk.access, origin: consoleUrl })
    const stopJobs = startUpkeep(
      [
        { everyMs: LISTS_MS, run: () => refreshLists({ gate, ledger, clock }) },
        ...desk.jobs,
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
        data: config.data,
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
      reload: async () => watch?.reload(),
      async close() {
        await stopJobs()
        await front.close()
        await parts.close()
        await endTracing?.()
      },
    }
  } catch (error) {
    await parts.close()
    throw error
  }
}

const servicesOf = ({ services, fallback }: Policy): { name: string; mode: string }[] => {
  const named = Object.values(services).map(({ name, mode }) => ({ name, mode }))
  return fallback === null ? named : [...named, { name: '(any other)', mode: fallback.mode }]
}
