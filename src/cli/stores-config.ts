import { type TSchema, Type } from '@sinclair/typebox'
import { resolveSecret, Secret } from '../send/secret.js'
import { usageFault } from './fault.js'

/** Where lines and ledger are kept. */
export interface StoresConfig {
  /** `null`: in this process */
  linesUrl: string | null
  /** `null`: SQLite in the data directory */
  ledgerUrl: string | null
  /** a standby of the ledger that the console reads from */
  replicaUrl: string | null
}

/** An address may hold a password: like any secret it can stand elsewhere. */
export const storeUrl = (description: string) =>
  Type.Optional(Type.Union(Secret.anyOf as TSchema[], { description }))

const REDIS = /^(redis|rediss|valkey|valkeys)(\+(sentinel|cluster))?:\/\/\S+$/
const POSTGRES = /^postgres(ql)?:\/\/\S+$/

const KINDS = {
  lines: {
    own: 'memory',
    url: REDIS,
    such: 'redis://host:6379 (or valkey://, rediss://, redis+sentinel://, redis+cluster://)',
  },
  ledger: { own: 'sqlite', url: POSTGRES, such: 'postgres://user@host/database' },
  replica: { own: null, url: POSTGRES, such: 'postgres://user@standby/database' },
} as const
type Store = keyof typeof KINDS

/** An address without the user, password and parameters in it. */
export const maskUrl = (url: string): string =>
  url.replace(/\/\/[^/]*@/, '//***@').replace(/[?#].*$/, '')

/** What is wrong with a store as it is written; `null` when it can be tried. Never tells a password. */
export function storeProblem(store: Store, given: unknown): string | null {
  if (typeof given !== 'string') return null
  const { own, url, such } = KINDS[store]
  if (given === own || url.test(given)) return null
  const use = own === null ? `use ${store}: ${such}` : `use ${store}: ${own}, or ${such}`
  return `${JSON.stringify(maskUrl(given))} is no store; ${use}`
}

/**
 * @param env where secrets may stand
 * @throws CliFault with everything that is wrong
 */
export function storesConfig(
  written: { lines?: unknown; ledger?: unknown; replica?: unknown },
  env: Readonly<Record<string, string | undefined>>,
): StoresConfig {
  const urlOf = (store: Store): string | null => {
    const given = written[store] as Secret | undefined
    if (given === undefined) return null
    let url: string
    try {
      url = resolveSecret(given, store, env).trim()
    } catch (cause) {
      throw usageFault((cause as Error).message, undefined, cause)
    }
    const problem = storeProblem(store, url)
    if (problem !== null) throw usageFault(`${store}: ${problem}`)
    return url === KINDS[store].own ? null : url
  }
  const stores = {
    linesUrl: urlOf('lines'),
    ledgerUrl: urlOf('ledger'),
    replicaUrl: urlOf('replica'),
  }
  if (stores.linesUrl !== null && stores.ledgerUrl === null)
    throw usageFault(
      `lines: ${maskUrl(stores.linesUrl)} is shared by gateways, and their ledger is not`,
      'give ledger: postgres://..., for lost lines are rebuilt from it',
    )
  if (stores.replicaUrl !== null && stores.ledgerUrl === null)
    throw usageFault(
      'replica: there is no ledger that it could be a standby of',
      'give ledger: postgres://...',
    )
  return stores
}

/** In words, for people: no password. */
export const storesText = ({ linesUrl, ledgerUrl, replicaUrl }: StoresConfig): string =>
  [
    `lines ${linesUrl === null ? 'in memory' : maskUrl(linesUrl)}`,
    `ledger ${ledgerUrl === null ? 'SQLite' : maskUrl(ledgerUrl)}`,
    ...(replicaUrl === null ? [] : [`replica ${maskUrl(replicaUrl)}`]),
  ].join(', ')
