import { statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { DirectoryError } from '../files/make-directory.js'
import type { NumbersOption } from '../ledger/numbers.js'
import type { Ledger } from '../ledger/port.js'
import { LedgerError } from '../ledger/port.js'
import { openSqliteLedger } from '../ledger/sqlite/open.js'
import { numberKeysOf, numbersOption } from '../verify/number-keys.js'
import { deriveKeys } from '../verify/server-keys.js'
import type { Config } from './config.js'
import { asUsage, CliFault, storeFault, usageFault } from './fault.js'
import { installationSecret } from './secret.js'
import type { Terminal } from './terminal.js'

export const ledgerFile = (data: string): string => join(data, 'ledger.sqlite')
export const snapshotFile = (data: string): string => join(data, 'lines.snapshot')

type Env = Readonly<Record<string, string | undefined>>
type NumbersConfig = Pick<Config, 'data' | 'numbers' | 'numberKeys'>
type LedgerConfig = NumbersConfig & Partial<Pick<Config, 'stores'>>

export const numberKeysFile = ({ data, numberKeys }: NumbersConfig): string =>
  numberKeys ?? join(data, 'number.keys')

/** How a ledger's numbers are read. @param givenUp a key that is lost for good */
async function numbersFor(
  config: LedgerConfig,
  env: Env,
  givenUp?: string,
): Promise<NumbersOption> {
  if (config.numbers === 'clear') return 'clear'
  if (
    config.numbers === 'encrypted' &&
    config.numberKeys === null &&
    config.stores?.ledgerUrl != null
  )
    throw usageFault(
      'numbers: encrypted in a ledger that gateways share needs numberKeys',
      'name a file of keys that is the same for all of them, or set TOLLGATE_NUMBER_KEYS',
    )
  const { numbers } = deriveKeys(await installationSecret(config.data, env))
  return asUsage('', () =>
    numbersOption(config.numbers, numbers, () => ({
      ...numberKeysOf(numberKeysFile(config), Date.now),
      ...(givenUp !== undefined && { givenUp }),
    })),
  )
}

/**
 * The ledger of an installation, for a command that may run beside its gateways.
 * @param options.mustExist a command that only looks must not leave an empty directory behind
 */
export async function withLedger<T>(
  config: LedgerConfig,
  { env, now }: Pick<Terminal, 'env' | 'now'>,
  options: { mustExist: boolean; givenUp?: string },
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const ledgerUrl = config.stores?.ledgerUrl ?? null
  const file = ledgerFile(config.data)
  if (ledgerUrl === null && options.mustExist) requireLedger(file, config.data)
  const ledger = await asStore(async () => {
    const numbers = await numbersFor(config, env, options.givenUp)
    if (ledgerUrl === null) return openSqliteLedger({ file, numbers, clock: now })
    const { openPostgresLedger } = await import('../ledger/postgres/open.js')
    return openPostgresLedger({ url: ledgerUrl, numbers, poolSize: 2, clock: now })
  })
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}

/** A ledger that this user may not see is another thing than none: a second one would know nothing. */
function requireLedger(file: string, data: string): void {
  try {
    statSync(file)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw storeFault(
        `there is no ledger in ${data}`,
        'name the directory of the gateway with --data, or start one with: tollgate serve',
      )
    throw storeFault(
      `cannot look into ${data}: ${message}`,
      'run it as the user that the gateway runs as, or as root',
      cause,
    )
  }
}

/** Runs work whose errors are the store's: directory, ledger, snapshot. */
export async function asStore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CliFault || error instanceof LedgerError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw storeFault(
      message,
      error instanceof DirectoryError || code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? 'give a directory that this user may write with --data or TOLLGATE_DATA'
        : undefined,
      error,
    )
  }
}

/** Who works on the command line, for the record of operators' actions. */
export function operator(): string {
  try {
    return `cli:${userInfo().username}`
  } catch (error) {
    // a user id without a name, as containers have it
    if (error instanceof Error && 'code' in error) return `cli:uid${process.getuid?.() ?? ''}`
    throw error
  }
}
