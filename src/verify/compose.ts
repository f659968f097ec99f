import { createPow } from '../challenge/pow.js'
import { alone, type Leader } from '../cluster/leader.js'
import { createTurns } from '../cluster/turns.js'
import type { Change, Incident } from '../engine/detect/change.js'
import type { Policy } from '../engine/policy.js'
import { SECOND } from '../engine/units.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import { clearNumbers, hashedNumbers, type NumbersOption } from '../ledger/numbers.js'
import type { Ledger } from '../ledger/port.js'
import { openSqliteLedger } from '../ledger/sqlite/open.js'
import type { NumberKeys } from '../ledger/vault.js'
import { type MemoryOptions, memoryLines } from '../lines/memory/memory.js'
import type { LineStore } from '../lines/port.js'
import { createNetwork, type NetworkOptions } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import { examplePrices, type PriceTable } from '../phone/prices.js'
import type { Sender } from '../send/port.js'
import { type Core, createCore, type FactSources } from './core.js'
import { type DataDirectory, openDataDirectory } from './data-directory.js'
import { createFollowing, type Following } from './following.js'
import { createGate } from './gate.js'
import { keepUp, type UpkeepOptions } from './keep-up.js'
import { logStart } from './log-start.js'
import { remembering } from './number-hash.js'
import { type NumbersAtRest, numberKeysOf, numbersOption } from './number-keys.js'
import { operatorLists } from './operator-lists.js'
import { atMost } from './patience.js'
import { startingPolicy, type Versioned } from './policy-versions.js'
import { secureRandom } from './random.js'
import { rebuild } from './rebuild.js'
import { checkSecret } from './secret-print.js'
import { deriveKeys } from './server-keys.js'
import { type Cluster, createCluster, type SharedOptions, sharedJobs } from './shared.js'
import { createKeeper, type Keeper } from './snapshot.js'
import { spansWhen } from './traced.js'
import type { Gate } from './types.js'

export interface ComposeOptions {
  policy: Policy
  /** the policy as it was written, kept in the ledger as a version. @default the policy as JSON */
  policyText?: string
  /** who wrote it, for the version's record. @default 'start' */
  policyBy?: string
  sender: Sender
  /** time that one request waits for its stores, ms. @default 10 s */
  requestMs?: number
  /**
   * Directory for the ledger, the lines' snapshot and the server key, for one process alone. Without it nothing but
   * what `ledger` names survives the process.
   */
  data?: string
  /** an open ledger is closed with the rest. @default SQLite in `data`; in memory without it */
  ledger?: 'memory' | { sqlite: string } | { open: OpenLedger } | Ledger
  /** other gateways work on the same ledger and the same lines. @default this one is alone */
  shared?: SharedOptions
  /** phone numbers at rest; only for a ledger that is opened here. @default 'clear' */
  numbers?: NumbersAtRest
  /** file of the keys that encrypted numbers are sealed with. @default number.keys in `data`, made on first use */
  numberKeys?: string
  lines?: MemoryOptions
  /** @default example prices, which are no provider's */
  prices?: PriceTable
  network?: NetworkOptions
  /** country that national spellings are read in, ISO 3166 alpha-2 */
  defaultCountry?: string
  /** at least 32 random bytes. @default the one in `data`, made on first use; without `data` one for this process */
  secret?: Buffer
  /** Unix ms. @default Date.now */
  clock?: () => number
  /** cryptographically secure random bytes. @default node:crypto */
  random?: (bytes: number) => Buffer
  /** `false`: whoever composes calls `gate.tick()` and `save()`, as under virtual time */
  upkeep?: UpkeepOptions | false
  /** failures that no caller waits for. @default process.emitWarning */
  onError?: (error: Error) => void
  /** told of every incident, quarantine and outage that begins or ends */
  onChange?: (change: Change) => void
  /** id under which an incident that was just opened is kept already. @default every one is new */
  known?: (incident: Incident) => string | null
  /** told of a version of the policy that came from another gateway */
  onPolicy?: (version: number) => void
  /** `true`: spans from the gate to stores and sender, by whatever OpenTelemetry SDK the process has. @default false */
  tracing?: boolean
}

/** Opens a ledger for numbers that are kept so. */
export type OpenLedger = (parts: {
  numbers: NumbersOption
  onError: (error: Error) => void
  clock: () => number
}) => Promise<Ledger>

/** What was made again at the start. */
export interface Restored {
  snapshotAt: number | null
  charges: number
  settlements: number
  /** sends that were cut short */
  interrupted: number
  /** rows of the shared log that were learned from */
  learned?: number
}

export interface Composed {
  gate: Gate
  core: Core
  ledger: Ledger
  lines: LineStore
  sender: Sender
  /** whether this gateway does what is done once in its cluster */
  leader: Leader
  /** names this process among all that work on the ledger */
  holder: string
  /** 32 bytes out of the server key, for the operators' desk */
  deskKey: Buffer
  /** the policy in force is the one that was published in the console last, and not the one given */
  published: boolean
  /** what was made again at the start */
  restored: Restored
  /** Writes the snapshot of the lines; without `data` there is nothing to write. */
  save(): Promise<void>
  /** Stops upkeep, saves the lines and closes the ledger: everything recorded is durable when it resolves. */
  close(): Promise<void>
}

/** So soon a gateway knows what another one decided. */
const FOLLOW_MS = SECOND / 4
/** A lease that is renewed no more lasts for three seconds at least. */
const LEAVE_MS = 2 * SECOND

/**
 * One working gate out of its parts: what the server, the command line and the library start from.
 * @throws Error with what to do when the data directory, the ledger or the keys cannot be used
 */
export async function compose(options: ComposeOptions): Promise<Composed> {
  const { clock = Date.now, random = secureRandom(), numbers: kept = 'clear', sender } = options
  const onError = options.onError ?? ((error: Error) => process.emitWarning(error))
  const holder = `${options.shared?.gateway ?? 'gateway'}:${random(6).toString('hex')}`
  let directory: DataDirectory | null = null
  let ledger: Ledger | null = null
  let cluster: Cluster | null = null
  try {
    const data = options.data === undefined ? null : await openDataDirectory(options.data)
    directory = data
    const secret = options.secret ?? data?.serverKey ?? random(32)
    const keys = deriveKeys(secret)
    const hashed = kept !== 'clear'
    if (hashed && options.secret === undefined && data === null) {
      throw new Error(
        `numbers: ${kept} needs a secret that outlives this process: give one, or a data directory`,
      )
    }
    ledger = await openLedger(
      options,
      data,
      numbersOption(kept, keys.numbers, () => keysOf(options, data, clock)),
      onError,
      clock,
    )
    const { policy, version, published } = await policyOf(ledger, options, holder, clock(), onError)
    const { numberKey } = hashed ? hashedNumbers(keys.numbers) : clearNumbers()
    // one that was drawn for this process was never meant to open anything of another
    if (options.secret !== undefined || data !== null) await checkSecret(ledger, secret, clock())
    if (options.shared !== undefined) {
      cluster = createCluster({ ...options.shared, ledger, holder, clock, core: () => core })
    }
    const own = cluster === null ? memoryLines(options.lines) : null
    const lines = own ?? (cluster as Cluster).lines
    const spans = spansWhen(options.tracing)
    const core = createCore(
      spans.core({
        policy,
        policyVersion: version,
        lines,
        facts: {
          ...factSources(options, numberKey),
          numberHash: remembering(hashedNumbers(keys.numbers).numberKey),
        },
        learns: cluster === null ? 'own' : 'log',
      }),
    )
    const keeper =
      data === null || own === null
        ? null
        : createKeeper({ core, ledger, lines: own, file: data.snapshotFile, clock })
    const following =
      cluster === null
        ? null
        : createFollowing({
            ...{ core, ledger, file: data?.knowledgeFile ?? null, clock },
            ...{ leads: cluster.leader.leads, warn: onError },
          })
    const restored = await restoredFrom({ core, ledger, keeper, following, cluster, clock })
    const { leader } = cluster ?? { leader: alone }
    const gate = spans.gate(
      createGate(
        spans.parts({
          core,
          ledger,
          sender,
          challenger: createPow({ secret: keys.challenges, random }),
          clock,
          random,
          codeSecret: keys.codes,
          warn: onError,
          ...(options.requestMs !== undefined && { requestMs: options.requestMs }),
          shared: leader.shared,
          leads: leader.leads,
          ...(options.onChange !== undefined && { changed: options.onChange }),
          ...(options.known !== undefined && { known: options.known }),
          ...(keeper === null ? {} : { applied: keeper.applied, unrecorded: keeper.unrecorded }),
        }),
      ),
    )
    gate.setLists(await operatorLists(ledger, clock()))
    const save = async () => (following ?? keeper)?.save()
    const opened = ledger
    const joined = cluster
    let closing: Promise<void> | null = null
    const stop =
      options.upkeep === false
        ? async () => undefined
        : keepUp(options.upkeep ?? {}, {
            ...{ gate, ledger, save, clock, onError, leader },
            more: [
              ...(following === null ? [] : [{ everyMs: FOLLOW_MS, run: following.follow }]),
              ...(cluster?.jobs ?? []),
              ...(leader.shared
                ? sharedJobs(
                    { gate, ledger, leader, clock },
                    options.onPolicy ?? (() => undefined),
                    onError,
                  )
                : []),
            ],
          })
    async function close(): Promise<void> {
      await stop()
      try {
        await following?.follow().catch(onError)
        // a snapshot that cannot be written costs time at the next start, nothing else
        const saved = save().catch(onError)
        // whoever leads keeps it for all, and lets another lead soon even where that takes long
        await atMost(LEAVE_MS, saved)
        await joined?.leave().catch(onError)
        await saved
        await opened.close()
      } finally {
        await lines.close()
        data?.release()
      }
    }
    return {
      gate,
      core,
      ledger,
      lines,
      sender,
      leader,
      holder,
      deskKey: keys.desk,
      published,
      restored,
      save,
      close() {
        closing ??= close()
        return closing
      },
    }
  } catch (error) {
    // an open connection would keep a process alive that has failed to start
    await Promise.resolve((cluster?.lines ?? options.shared?.store)?.close()).catch(onError)
    await ledger?.close().catch(onError)
    directory?.release()
    throw error
  }
}

function openLedger(
  { ledger }: ComposeOptions,
  data: DataDirectory | null,
  numbers: NumbersOption,
  onError: (error: Error) => void,
  clock: () => number,
): Promise<Ledger> {
  if (ledger === 'memory' || (ledger === undefined && data === null))
    return Promise.resolve(memoryLedger({ numbers, clock }))
  if (ledger === undefined)
    return openSqliteLedger({ file: data?.ledgerFile ?? '', numbers, onError, clock })
  if ('open' in ledger) return ledger.open({ numbers, onError, clock })
  return 'sqlite' in ledger
    ? openSqliteLedger({ file: ledger.sqlite, numbers, onError, clock })
    : Promise.resolve(ledger)
}

function keysOf(
  { numberKeys, ledger }: ComposeOptions,
  data: DataDirectory | null,
  clock: () => number,
): NumberKeys {
  if (numberKeys === undefined && typeof ledger === 'object' && 'open' in ledger)
    throw new Error(
      'numbers: encrypted in a ledger that gateways share needs numberKeys: the same file for all of them',
    )
  const file = numberKeys ?? data?.numberKeysFile
  if (file !== undefined) return numberKeysOf(file, clock)
  throw new Error('numbers: encrypted needs numberKeys: a file of keys, or a data directory for it')
}

/** Gateways that start at once with one file make one version of it. */
function policyOf(
  ledger: Ledger,
  {
    policy,
    policyText: text = JSON.stringify(policy),
    policyBy: by = 'start',
    shared,
  }: ComposeOptions,
  holder: string,
  now: number,
  onError: (error: Error) => void,
): Promise<Versioned> {
  const start = () =>
    startingPolicy(ledger, { policy, text, by, shared: shared !== undefined }, now, onError)
  return shared === undefined
    ? start()
    : createTurns({ leases: ledger, holder }).take('policy', start)
}

function factSources(
  { prices = examplePrices(), network, defaultCountry }: ComposeOptions,
  numberKey: (e164: string) => string,
): FactSources {
  const phone = createPhone(defaultCountry === undefined ? {} : { defaultCountry })
  const { sourceFacts } = createNetwork(network)
  return { parseNumber: phone.parse, sourceFacts, priceOf: prices.priceOf, numberKey }
}

async function restoredFrom({
  core,
  ledger,
  keeper,
  following,
  cluster,
  clock,
}: {
  core: Core
  ledger: Ledger
  keeper: Keeper | null
  following: Following | null
  cluster: Cluster | null
  clock: () => number
}): Promise<Restored> {
  if (following !== null && cluster !== null) {
    await cluster.recover()
    // sends of the others are under way: those that nobody finishes are marked later, by their age
    return { ...(await following.restore()), charges: 0, settlements: 0, interrupted: 0 }
  }
  const made =
    keeper === null
      ? {
          snapshotAt: null,
          ...(await rebuild({
            core,
            ledger,
            from: await logStart(ledger, clock()),
            applied: new Set(),
          })),
        }
      : await keeper.restore()
  return { ...made, interrupted: await ledger.markInterruptedSends(clock()) }
}
