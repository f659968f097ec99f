import type { Ledger } from '../port.js'
import type { KeyRow, ListRow, PolicyRow, ServiceRow } from '../rows.js'

type Catalogue = Pick<
  Ledger,
  | 'putPolicy'
  | 'policy'
  | 'policies'
  | 'putKey'
  | 'key'
  | 'keys'
  | 'revokeKey'
  | 'putListEntry'
  | 'removeListEntry'
  | 'listEntries'
  | 'listEntry'
  | 'listsMark'
  | 'putService'
  | 'service'
  | 'services'
>

const copy = <T>(row: T | undefined): T | null => (row === undefined ? null : structuredClone(row))
const by =
  <T>(...keys: ((row: T) => string | number)[]) =>
  (a: T, b: T): number => {
    for (const key of keys) {
      const [x, y] = [key(a), key(b)]
      if (x !== y) return x < y ? -1 : 1
    }
    return 0
  }

/** What people put in and few of: policy versions, keys, list entries, services. */
export function createCatalogue(): Catalogue & { expireListEntries(now: number): number } {
  const policies: PolicyRow[] = []
  const keys = new Map<string, KeyRow>()
  const lists = new Map<string, ListRow>()
  const services = new Map<string, ServiceRow>()
  const inForce = (row: ListRow, now: number) => row.expiresAt === null || row.expiresAt > now

  return {
    async putPolicy(row) {
      const version = policies.length + 1
      policies.push({ ...row, version })
      return version
    },
    policy: async (version) =>
      copy(version === undefined ? policies.at(-1) : policies[version - 1]),
    policies: async (limit) => structuredClone(policies.toReversed().slice(0, limit)),

    async putKey(row) {
      keys.set(row.id, structuredClone(row))
    },
    key: async (id) => copy(keys.get(id)),
    keys: async () =>
      structuredClone([...keys.values()]).sort(
        by(
          (k) => k.createdAt,
          (k) => k.id,
        ),
      ),
    async revokeKey(id, at) {
      const row = keys.get(id)
      if (row === undefined || row.revokedAt !== null) return false
      keys.set(id, { ...row, revokedAt: at })
      return true
    },

    async putListEntry(row) {
      lists.set(`${row.list}|${row.entry}`, structuredClone(row))
    },
    removeListEntry: async (list, entry) => lists.delete(`${list}|${entry}`),
    listEntries: async (now) =>
      structuredClone([...lists.values()].filter((row) => inForce(row, now))).sort(
        by(
          (row) => row.list,
          (row) => row.entry,
        ),
      ),
    listEntry: async (list, entry, now) => {
      const row = lists.get(`${list}|${entry}`)
      return row !== undefined && inForce(row, now) ? structuredClone(row) : null
    },
    // what is in memory costs little to read
    listsMark: async (now) =>
      JSON.stringify([...lists.values()].filter((row) => inForce(row, now))),
    expireListEntries(now) {
      const gone = [...lists].filter(([, row]) => !inForce(row, now))
      for (const [key] of gone) lists.delete(key)
      return gone.length
    },

    async putService(row) {
      services.set(row.sid, structuredClone(row))
    },
    service: async (sid) => copy(services.get(sid)),
    services: async () =>
      structuredClone([...services.values()]).sort(
        by(
          (s) => s.createdAt,
          (s) => s.sid,
        ),
      ),
  }
}
