import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Ledger } from '../ledger/port.js'
import { LedgerError } from '../ledger/port.js'
import { openSqliteLedger } from '../ledger/sqlite/open.js'
import { deriveKeys } from '../verify/server-keys.js'
import type { Config } from './config.js'
import { CliFault, storeFault } from './fault.js'
import { installationSecret } from './secret.js'

export const ledgerFile = (data: string): string => join(data, 'ledger.sqlite')
export const snapshotFile = (data: string): string => join(data, 'lines.snapshot')

/**
 * The ledger of a data directory, for a command that may run beside the gateway.
 * @param options.mustExist a command that only looks must not leave an empty directory behind
 */
export async function withLedger<T>(
  config: Pick<Config, 'data' | 'numbers'>,
  env: Readonly<Record<string, string | undefined>>,
  options: { mustExist: boolean },
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const file = ledgerFile(config.data)
  if (options.mustExist && !existsSync(file))
    throw storeFault(
      `there is no ledger in ${config.data}`,
      'name the directory of the gateway with --data, or start one with: tollgate serve',
    )
  const ledger = await asStore(async () =>
    openSqliteLedger({
      file,
      numbers:
        config.numbers === 'hashed'
          ? { hashedWith: deriveKeys(await installationSecret(config.data, env)).numbers }
          : 'clear',
    }),
  )
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
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
      code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
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
