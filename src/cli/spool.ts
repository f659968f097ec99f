import { hkdfSync } from 'node:crypto'
import { join } from 'node:path'
import { makeDirectory } from '../files/make-directory.js'
import type { Ledger } from '../ledger/port.js'
import { spooledLedger } from '../ledger/spool/spooled.js'
import type { Config } from './config.js'
import { usageFault } from './fault.js'

/**
 * The ledger with its spool, where the configuration wants one: a file in the data directory, sealed under the secret.
 * @throws CliFault without a data directory; Error when the spool of an earlier process cannot be read
 */
export async function spooling(
  ledger: Ledger,
  {
    config: { failure, data, usesData },
    secret,
    clock,
    onError,
  }: {
    config: Pick<Config, 'failure' | 'data' | 'usesData'>
    secret: Buffer
    clock: () => number
    onError: (error: Error) => void
  },
): Promise<Ledger> {
  if (failure.ledger === 'refuse') return ledger
  try {
    if (!usesData)
      throw usageFault(
        'failure.ledger: spool keeps records in the data directory, and there is none',
        'give a directory of this gateway alone with data: or TOLLGATE_DATA, or set failure.ledger: refuse',
      )
    makeDirectory(data, 0o700)
    return await spooledLedger(ledger, {
      file: join(data, 'ledger.spool'),
      key: Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'tollgate spool v1', 32)),
      maxBytes: failure.spoolBytes,
      maxMs: failure.spoolMs,
      timeoutMs: failure.ledgerTimeoutMs,
      clock,
      onError,
    })
  } catch (error) {
    await ledger.close()
    throw error
  }
}
