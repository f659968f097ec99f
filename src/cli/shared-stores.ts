import type { ComposeOptions } from '../verify/compose.js'
import type { Conditions } from '../verify/conditions.js'
import { watchedLines } from '../verify/failure.js'
import type { Config } from './config.js'
import { storeFault, usageFault } from './fault.js'
import { spooling } from './spool.js'
import { maskUrl } from './stores-config.js'

type Stores = Pick<ComposeOptions, 'ledger' | 'shared'>

/**
 * The stores that the configuration names outside this process, for `compose`; empty where there are none. The packages
 * that reach them are loaded only here.
 * @throws CliFault when a store cannot be used, or the gateways' common secret is missing
 */
export async function sharedStores(
  config: Pick<Config, 'stores' | 'gateway' | 'failure' | 'data' | 'usesData'>,
  parts: {
    secret: Buffer | null
    conditions: Conditions
    clock: () => number
    onError: (error: Error) => void
    onLines: NonNullable<ComposeOptions['shared']>['onLines']
  },
): Promise<Stores> {
  const { stores, gateway, failure } = config
  const { linesUrl, ledgerUrl, replicaUrl } = stores
  if (ledgerUrl === null) return {}
  const { secret } = parts
  if (secret === null)
    throw usageFault(
      `ledger: ${maskUrl(ledgerUrl)} is shared, and the secret of this gateway is its own: no other one could check its codes`,
      'give all gateways one secret with TOLLGATE_SECRET or TOLLGATE_SECRET_FILE; make one with: openssl rand -hex 32',
    )
  const { openPostgresLedger } = await import('../ledger/postgres/open.js')
  const ledger: Stores['ledger'] = {
    open: async ({ numbers, onError, clock }) =>
      spooling(
        await openPostgresLedger({
          url: ledgerUrl,
          ...(replicaUrl !== null && { replicaUrl }),
          ...{ numbers, onError, clock },
        }),
        { config, secret, clock, onError },
      ),
  }
  if (linesUrl === null) return { ledger }
  const { redisLines } = await import('../lines/redis/redis.js')
  const { conditions, clock, onError, onLines } = parts
  const store = await redisLines({ url: linesUrl, onError }).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw storeFault(`lines: ${maskUrl(linesUrl)}: ${why}`, undefined, cause)
  })
  return {
    ledger,
    shared: {
      gateway,
      store,
      guard: (guarded, rebuilt) =>
        watchedLines(guarded, failure, { conditions, clock, rebuilt, onError }),
      ...(onLines !== undefined && { onLines }),
    },
  }
}
