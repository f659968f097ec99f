import type { ClientBase, ClientConfig, PoolConfig, QueryConfig } from 'pg'

interface Address {
  /** as `pg` takes it */
  url: string
  /** a pooler stands before the server that hands out connections for a transaction each */
  pooled: boolean
}

/**
 * Parameters that are ours: `pooler=transaction`. And `sslmode=require`, which `pg` takes for `verify-full` and warns of at
 * each start, is written as what it is.
 * @throws Error for another pooler
 */
export function addressOf(url: string): Address {
  if (!URL.canParse(url)) return { url, pooled: false }
  const address = new URL(url)
  const parameters = address.searchParams
  const pooler = parameters.get('pooler')
  if (pooler !== null && pooler !== 'transaction' && pooler !== 'none')
    throw new Error('ledger: pooler in its URL is transaction or none')
  parameters.delete('pooler')
  if (parameters.get('uselibpqcompat') !== 'true' && STRICT.has(parameters.get('sslmode') ?? ''))
    parameters.set('sslmode', 'verify-full')
  return { url: address.href, pooled: pooler === 'transaction' }
}

const STRICT: ReadonlySet<string> = new Set(['require', 'verify-ca'])

type Query = string | (QueryConfig & { name?: string })

/** What a pool is told of its address. Behind a pooler nothing is kept in a session: the next statement may be in another one. */
export function addressed(
  { Client }: { Client: new (config?: ClientConfig) => ClientBase },
  url: string,
): Pick<PoolConfig, 'connectionString' | 'Client'> {
  const { url: connectionString, pooled } = addressOf(url)
  if (!pooled) return { connectionString }
  class OfTransaction extends Client {
    constructor(config: ClientConfig = {}) {
      const { options, statement_timeout, idle_in_transaction_session_timeout, ...rest } = config
      super(rest)
      const ask = this.query.bind(this) as (...args: unknown[]) => unknown
      const unnamed = (query: Query, ...rest: unknown[]): unknown => {
        if (typeof query === 'string' || query.name === undefined) return ask(query, ...rest)
        const { name, ...statement } = query
        return ask(statement, ...rest)
      }
      this.query = unnamed as typeof this.query
    }
  }
  return { connectionString, Client: OfTransaction }
}
