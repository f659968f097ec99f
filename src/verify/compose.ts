import { createPow } from '../challenge/pow.js'
import type { Change } from '../engine/detect/change.js'
import type { Policy } from '../engine/policy.js'
import { DAY, HOUR, MINUTE, SECOND } from '../engine/units.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import { clearNumbers, hashedNumbers, type NumbersOption } from '../ledger/numbers.js'
import type { Ledger } from '../ledger/port.js'
import { openSqliteLedger } from '../ledger/sqlite/open.js'
import type { NumberKeys } from '../ledger/vault.js'
import { type MemoryLines, type MemoryOptions, memoryLines } from '../lines/memory/memory.js'
import { createNetwork, type NetworkOptions } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import { examplePrices, type PriceTable } from '../phone/prices.js'
import { loadPolicy } from '../policy/load.js'
import { formatErrors } from '../policy/problem.js'
import type { Sender } from '../send/port.js'
import { type Core, createCore, type FactSources } from './core.js'
import { type DataDirectory, openDataDirectory } from './data-directory.js'
import { createGate } from './gate.js'
import { type NumbersAtRest, numberKeysOf, numbersOption } from './number-keys.js'
import { secureRandom } from './random.js'
import { rebuild } from './rebuild.js'
import { deriveKeys } from './server-keys.js'
import { createKeeper, type Keeper } from './snapshot.js'
import { spansWhen } from './traced.js'
import type { Gate } from './types.js'
import { startUpkeep } from './upkeep.js'

export interface ComposeOptions {
  policy: Policy
  /** the policy as it was written, kept in the ledger as a version. @default the policy as JSON */
  policyText?: string
  /** who wrote it, for the version's record. @default 'start' */
  policyBy?: string
  sender: Sender
  /**
   * Directory for the ledger, the lines' snapshot and the server key, for one process alone. Without it nothing but
   * what `ledger` names survives the process.
   */
  data?: string
  /** an open ledger is closed with the rest. @default SQLite in `data`; in memory without it */
  ledger?: 'memory' | { sqlite: string } | Ledger
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
  /** `true`: spans from the gate to stores and sender, by whatever OpenTelemetry SDK the process has. @default false */
  tracing?: boolean
}

export interface UpkeepOptions {
  /** maturity and expiry, ms. @default 1 s */
  tickMs?: number
  /** snapshot of the lines, ms. @default 1 min */
  saveMs?: number
  /** ages at which records are deleted, ms. @default requests 90 days, verifications 30 days */
  retention?: { requests: number; verifications: number }
}

export interface Composed {
  gate: Gate
  core: Core
  ledger: Ledger
  lines: MemoryLines
  sender: Sender
  /** 32 bytes out of the server key, for the operators' desk */
  deskKey: Buffer
  /** the policy in force is the one that was published in the console last, and not the one given */
  published: boolean
  /** what was made again at the start */
  restored: { snapshotAt: number | null; charges: number; settlements: number; interrupted: number }
  /** Writes the snapshot of the lines; without `data` there is nothing to write. */
  save(): Promise<void>
  /** Stops upkeep, saves the lines and closes the ledger: everything recorded is durable when it resolves. */
  close(): Promise<void>
}

/**
 * One working gate out of its parts: what the server, the command line and the library start from.
 * @throws Error with what to do when the data directory, the ledger or the keys cannot be used
 */
export async function compose(options: ComposeOptions): Promise<Composed> {
  const { clock = Date.now, random = secureRandom(), numbers: kept = 'clear', sender } = options
  const onError = options.onError ?? ((error: Error) => process.emitWarning(error))
  const data = options.data === undefined ? null : await openDataDirectory(options.data)
  let ledger: Ledger | null = null
  try {
    const keys = deriveKeys(options.secret ?? data?.serverKey ?? random(32))
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
    const { policy, version, published } = await policyOf(ledger, options, clock(), onError)
    const { numberKey } = hashed ? hashedNumbers(keys.numbers) : clearNumbers()
    const lines = memoryLines(options.lines)
    const spans = spansWhen(options.tracing)
    const core = createCore(
      spans.core({
        policy,
        policyVersion: version,
        lines,
        facts: factSources(options, numberKey),
      }),
    )
    const keeper =
      data === null ? null : createKeeper({ core, ledger, lines, file: data.snapshotFile, clock })
    const restored = {
      ...(await restore(core, ledger, keeper)),
      interrupted: await ledger.markInterruptedSends(clock()),
    }
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
          ...(options.onChange !== undefined && { changed: options.onChange }),
          ...(keeper === null ? {} : { applied: keeper.applied }),
        }),
      ),
    )
    gate.setLists(await listsOf(ledger, clock()))
    const save = async () => keeper?.save()
    const opened = ledger
    let closing: Promise<void> | null = null
    const stop =
      options.upkeep === false
        ? async () => undefined
        : keepUp(options.upkeep ?? {}, { gate, ledger, save, clock, onError })
    async function close(): Promise<void> {
      await stop()
      try {
        // a snapshot that cannot be written costs time at the next start, nothing else
        await save().catch(onError)
        await opened.close()
      } finally {
        lines.close()
        data?.release()
      }
    }
    return {
      gate,
      core,
      ledger,
      lines,
      sender,
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
    await ledger?.close()
    data?.release()
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
  return 'sqlite' in ledger
    ? openSqliteLedger({ file: ledger.sqlite, numbers, onError, clock })
    : Promise.resolve(ledger)
}

function keysOf(
  { numberKeys }: ComposeOptions,
  data: DataDirectory | null,
  clock: () => number,
): NumberKeys {
  const file = numberKeys ?? data?.numberKeysFile
  if (file !== undefined) return numberKeysOf(file, clock)
  throw new Error('numbers: encrypted needs numberKeys: a file of keys, or a data directory for it')
}

/** Who the built-in policy is by: it stands only until somebody publishes one. */
const BUILT_IN = 'built-in'
/** Versions that were published in the console. */
const PUBLISHED = /^(user|key):/

/**
 * The same policy started again is the same version. Without a policy file what was published last stays in force: the
 * built-in policy must not take its place because the process was started again.
 */
async function policyOf(
  ledger: Ledger,
  { policy, policyText = JSON.stringify(policy), policyBy = 'start' }: ComposeOptions,
  now: number,
  onError: (error: Error) => void,
): Promise<{ policy: Policy; version: number; published: boolean }> {
  const last = await ledger.policy()
  if (last !== null && last.yaml === policyText)
    return { policy, version: last.version, published: false }
  if (last !== null && policyBy === BUILT_IN && PUBLISHED.test(last.by)) {
    const published = loadPolicy(last.yaml, { file: `version ${last.version}` })
    if (published.ok) return { policy: published.policy, version: last.version, published: true }
    onError(
      new Error(
        `policy version ${last.version}, published by ${last.by}, cannot be read any more; the built-in policy is in force:\n${formatErrors(published.errors)}`,
      ),
    )
  }
  const version = await ledger.putPolicy({ at: now, by: policyBy, yaml: policyText, note: null })
  return { policy, version, published: false }
}

function factSources(
  { prices = examplePrices(), network, defaultCountry }: ComposeOptions,
  numberKey: (e164: string) => string,
): FactSources {
  const phone = createPhone(defaultCountry === undefined ? {} : { defaultCountry })
  const { sourceFacts } = createNetwork(network)
  return { parseNumber: phone.parse, sourceFacts, priceOf: prices.priceOf, numberKey }
}

async function restore(core: Core, ledger: Ledger, keeper: Keeper | null) {
  if (keeper !== null) return keeper.restore()
  const from = { requests: 0, outcomes: 0 }
  return { snapshotAt: null, ...(await rebuild({ core, ledger, from, applied: new Set() })) }
}

async function listsOf(ledger: Ledger, now: number) {
  const rows = await ledger.listEntries(now)
  const of = (list: 'allow' | 'deny') =>
    rows.filter((row) => row.list === list).map((row) => row.entry)
  return { allow: of('allow'), deny: of('deny') }
}

const DEFAULT_RETENTION = { requests: 90 * DAY, verifications: 30 * DAY }

function keepUp(
  { tickMs = SECOND, saveMs = MINUTE, retention = DEFAULT_RETENTION }: UpkeepOptions,
  parts: Pick<Composed, 'gate' | 'ledger' | 'save'> & {
    clock: () => number
    onError: (error: Error) => void
  },
): () => Promise<void> {
  const { gate, ledger, save, clock, onError } = parts
  return startUpkeep(
    [
      { everyMs: tickMs, run: () => gate.tick() },
      { everyMs: saveMs, run: save },
      { everyMs: HOUR, run: () => ledger.retain(retention, clock()) },
    ],
    onError,
  )
}
