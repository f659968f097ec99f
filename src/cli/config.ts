import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, resolve } from 'node:path'
import { MOST_CONNECTIONS } from '../http/socket.js'
import { trustedProxies } from '../network/client-ip.js'
import { parseDuration } from '../policy/units.js'
import { sendConfigProblems } from '../send/config.js'
import type { FailurePolicy } from '../verify/failure.js'
import type { NumbersAtRest } from '../verify/number-keys.js'
import { type Path, type Problem, readCheckedYaml, showPath, showProblem } from './checked-yaml.js'
import { readEnvironment } from './config-env.js'
import { DeploymentFile, type LOG_LEVELS, PATH_KEYS } from './config-schema.js'
import { type ConsoleConfig, consoleConfig } from './console-config.js'
import { failureConfig } from './failure-config.js'
import { systemReason, usageFault } from './fault.js'
import { type StoresConfig, storeProblem, storesConfig } from './stores-config.js'
import type { TracingFile } from './tracing-config.js'

/** How a gateway is run: file, environment and flags together, paths absolute. */
export interface Config {
  /** the deployment file, if there is one */
  file: string | null
  server: {
    host: string
    port: number
    trustProxies: string[]
    publicUrl: string | null
    openMetrics: boolean
    maxConnections: number
    requestsPerSecond: number
  }
  data: string
  /** false: everything is kept in shared stores, and the directory is neither made nor used */
  usesData: boolean
  stores: StoresConfig
  /** name of this gateway among several */
  gateway: string
  /** checked by `sendConfigProblems` */
  send: unknown[]
  policy: string | null
  prices: string | null
  rates: Record<string, number>
  numbers: NumbersAtRest
  /** file of the keys of encrypted numbers; `null`: number.keys in `data` */
  numberKeys: string | null
  defaultCountry: string | null
  retention: { requestsMs: number; verificationsMs: number }
  log: { level: (typeof LOG_LEVELS)[number] }
  tracing: TracingFile
  allowPrivateSinks: boolean
  console: ConsoleConfig
  /** what happens when something is lost */
  failure: FailurePolicy
  capacity: number
  network: {
    asnDatabase?: string
    countryDatabase?: string
    hosting?: number[]
    notHosting?: number[]
  }
}

/** Flags of the command line, stronger than environment and file. */
export interface ConfigFlags {
  config?: string
  host?: string
  port?: number
  data?: string
  policy?: string
  prices?: string
}

export interface ConfigSurroundings {
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  /** told of environment names that look misspelt */
  warn: (text: string) => void
}

const NO_DATA = 'none'
/** Kept for 90 days: what the known-good path and questions about a bill need. */
const REQUESTS_KEPT = '90d'
/** An ended verification answers nothing any more; its request and sends stay. */
const VERIFICATIONS_KEPT = '30d'

/**
 * The deployment: defaults, then `tollgate.yaml` (that of the working directory where none is named), then the
 * environment, then flags.
 * @throws CliFault with everything that is wrong, each with file, line and column, or the name of the variable
 */
export function loadConfig(flags: ConfigFlags, { env, cwd, warn }: ConfigSurroundings): Config {
  const named = flags.config ?? env.TOLLGATE_CONFIG
  const beside = resolve(cwd, 'tollgate.yaml')
  const file = named !== undefined ? resolve(cwd, named) : existsSync(beside) ? beside : null
  const problems: Problem[] = []
  let settings: DeploymentFile = {}
  if (file !== null) {
    const read = readCheckedYaml(readText(file), file, DeploymentFile, beyondSchema)
    if (read.ok) settings = pathsFrom(dirname(file), read.value as DeploymentFile)
    else problems.push(...read.problems)
  }
  const fromEnv = readEnvironment(env)
  problems.push(...fromEnv.problems)
  for (const warning of fromEnv.warnings) warn(warning)
  const overrides: { path: Path; value: unknown }[] = [...fromEnv.values]
  const { host, port, data, policy, prices } = flags
  for (const [path, value] of Object.entries({ host, port }))
    if (value !== undefined) overrides.push({ path: ['server', path], value })
  for (const [path, value] of Object.entries({ data, policy, prices }))
    if (value !== undefined) overrides.push({ path: [path], value })
  const over: Record<string, unknown> = {}
  for (const { path, value } of overrides) put(over, path, value)
  for (const { path, message } of beyondSchema(over))
    problems.push({ where: 'environment or flags', path: showPath(path), message })
  if (problems.length > 0) throw usageFault(problems.map(showProblem).join('\n'))
  for (const { path, value } of overrides) put(settings as Record<string, unknown>, path, value)
  return complete(settings, file, cwd, env)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw usageFault(
      `cannot read ${file}: ${systemReason(cause)}`,
      'check the path of --config (or TOLLGATE_CONFIG) and who may read it',
      cause,
    )
  }
}

/** What the schema cannot say. */
function beyondSchema(value: unknown): { path: Path; message: string }[] {
  const { lines, ledger, replica, send, server } = value as DeploymentFile
  const wrong: { path: Path; message: string }[] = []
  for (const [i, block] of (server?.trustProxies ?? []).entries()) {
    const problem = proxyProblem(block)
    if (problem !== null) wrong.push({ path: ['server', 'trustProxies', i], message: problem })
  }
  for (const [store, given] of Object.entries({ lines, ledger, replica })) {
    const problem = storeProblem(store as 'lines' | 'ledger' | 'replica', given)
    if (problem !== null) wrong.push({ path: [store], message: problem })
  }
  for (const problem of send === undefined ? [] : sendConfigProblems(send)) {
    const [where = 'send'] = problem.split(': ', 1)
    wrong.push({ path: pathOf(where), message: problem.slice(where.length + 2) })
  }
  return wrong
}

/** Who forwards the client's address is asked before the first request comes, not then. */
function proxyProblem(block: string): string | null {
  try {
    trustedProxies([block])
    return null
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^trusted proxy 1, /, '') : String(error)
  }
}

/** `send[0].receipts.secret` as steps. */
const pathOf = (text: string): Path =>
  text.split(/\.|(?=\[)/).map((part) => (part.startsWith('[') ? Number(part.slice(1, -1)) : part))

function put(to: Record<string, unknown>, path: Path, value: unknown): void {
  const [step, ...rest] = path
  if (step === undefined) return
  if (rest.length === 0) to[step] = value
  else {
    const inner = { ...(to[step] as Record<string, unknown> | undefined) }
    to[step] = inner
    put(inner, rest, value)
  }
}

/** Paths that the file writes, secrets of providers among them, go from where the file is. */
function pathsFrom(folder: string, settings: DeploymentFile): DeploymentFile {
  const moved = {
    ...settings,
    ...(settings.send && { send: settings.send.map((p) => secretsFrom(folder, p)) }),
    ...(settings.tracing && {
      tracing: secretsFrom(folder, settings.tracing) as typeof settings.tracing,
    }),
    ...Object.fromEntries(
      (['lines', 'ledger', 'replica'] as const).flatMap((key) =>
        settings[key] === undefined ? [] : [[key, secretsFrom(folder, settings[key])]],
      ),
    ),
    ...(settings.console && {
      console: secretsFrom(folder, settings.console) as typeof settings.console,
    }),
  }
  for (const path of PATH_KEYS) {
    if (path[0] === 'data' && settings.data === NO_DATA) continue // a word, and no path
    const value = path.reduce<unknown>(
      (at, key) => (at as Record<string, unknown> | undefined)?.[key],
      moved,
    )
    if (typeof value === 'string') put(moved, path, resolve(folder, value))
  }
  return moved
}

function secretsFrom(folder: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => secretsFrom(folder, item))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === 'file' && typeof only[1] === 'string')
    return { file: resolve(folder, only[1]) }
  return Object.fromEntries(entries.map(([key, inner]) => [key, secretsFrom(folder, inner)]))
}

/** `data: none`: a gateway whose stores are elsewhere needs no directory. */
function usesData(given: string | undefined, { linesUrl }: StoresConfig): boolean {
  if (given !== NO_DATA) return true
  if (linesUrl !== null) return false
  throw usageFault(
    'data: none needs lines and ledger that are kept elsewhere',
    'give a directory, or lines: redis://... and ledger: postgres://...',
  )
}

function complete(
  settings: DeploymentFile,
  file: string | null,
  cwd: string,
  env: ConfigSurroundings['env'],
): Config {
  const stores = storesConfig(settings, env)
  const { server = {}, retention = {}, network = {} } = settings
  const at = (path: string | undefined): string | null =>
    path === undefined ? null : resolve(cwd, path)
  const ms = (text: string): number => {
    const parsed = parseDuration(text)
    if ('value' in parsed) return parsed.value
    throw usageFault(`retention: ${parsed.wrong}`, parsed.hint)
  }
  const { asnDatabase, countryDatabase, ...lists } = network
  return {
    file,
    server: {
      host: server.host ?? '127.0.0.1',
      port: server.port ?? 7700,
      trustProxies: server.trustProxies ?? [],
      publicUrl: server.publicUrl ?? null,
      openMetrics: server.openMetrics ?? true,
      maxConnections: server.maxConnections ?? MOST_CONNECTIONS,
      requestsPerSecond: server.requestsPerSecond ?? 2_000,
    },
    data: resolve(cwd, settings.data ?? './data'),
    usesData: usesData(settings.data, stores),
    stores,
    gateway: settings.gateway ?? hostname(),
    send: settings.send ?? [{ name: 'console', type: 'console' }],
    policy: at(settings.policy),
    prices: at(settings.prices),
    rates: settings.rates ?? {},
    numbers: settings.numbers ?? 'clear',
    numberKeys: at(settings.numberKeys),
    defaultCountry: settings.defaultCountry ?? null,
    retention: {
      requestsMs: ms(retention.requests ?? REQUESTS_KEPT),
      verificationsMs: ms(retention.verifications ?? VERIFICATIONS_KEPT),
    },
    log: { level: settings.log?.level ?? 'info' },
    tracing: settings.tracing ?? {},
    allowPrivateSinks: settings.allowPrivateSinks ?? false,
    console: consoleConfig(settings.console),
    failure: failureConfig(settings.failure),
    capacity: settings.capacity ?? 10_000_000,
    network: {
      ...lists,
      ...(asnDatabase !== undefined && { asnDatabase: resolve(cwd, asnDatabase) }),
      ...(countryDatabase !== undefined && { countryDatabase: resolve(cwd, countryDatabase) }),
    },
  }
}
