import { hash } from 'node:crypto'
import type { ServiceRow } from '../../ledger/rows.js'
import { Refusal } from '../refusal.js'
import type { Wiring } from '../wiring.js'

/** SID that a service of the policy has without anybody creating it: the same on every node and after every start. */
const policySid = (name: string): string =>
  `VA${hash('sha256', `tollgate service ${name}`, 'hex').slice(0, 32)}`

/**
 * Twilio's Services over the policy's. Every service that the policy names is there from the start; others are made
 * by creating them and stand for a service of the policy by their friendly name.
 */
export interface Directory {
  /** @throws Refusal not_found */
  service(sid: string): Promise<ServiceRow>
  /** SID under which a service of the policy is known */
  sidOf(name: string): Promise<string>
  all(): Promise<ServiceRow[]>
  /**
   * Service of the policy that a friendly name stands for: the one of that name, whatever its case, spaces, `-` and `_`, else
   * one of its own under the policy's fallback; `null` where the policy has none.
   */
  nameFor(friendlyName: string): string | null
  /** @throws Refusal for a service of the policy: it is there as long as the policy names it */
  remove(sid: string, now: number): Promise<void>
  /** length that the policy gives the codes of a service */
  digitsOf(name: string): number
}

/** Attempts refer to services, so the ledger keeps them: a deleted one has lost its friendly name. */
const isDeleted = (row: ServiceRow): boolean => row.friendlyName === ''

export function createDirectory({ gate, ledger }: Pick<Wiring, 'gate' | 'ledger'>): Directory {
  const names = () => Object.keys(gate.policy.policy.services)
  const digitsOf = (name: string) => gate.policy.service(name)?.policy.code.digits ?? 6
  const plain = (name: string) =>
    name
      .trim()
      .toLowerCase()
      .replace(/[\s_-]+/g, '-')
  /** a policy may have both `sign-up` and `signup`: this is asked second */
  const joined = (name: string) => plain(name).replaceAll('-', '')

  const ofPolicy = async (name: string): Promise<ServiceRow> => {
    const published = (await ledger.policy())?.at ?? 0
    return {
      sid: policySid(name),
      name,
      friendlyName: name,
      codeLength: digitsOf(name),
      createdAt: published,
      updatedAt: published,
    }
  }

  return {
    digitsOf,
    async service(sid) {
      const stored = await ledger.service(sid)
      if (stored && !isDeleted(stored)) return stored
      const name = names().find((each) => policySid(each) === sid)
      if (name === undefined)
        throw new Refusal(
          'not_found',
          'There is no service of this SID. GET /v2/Services lists those of the policy.',
        )
      return ofPolicy(name)
    },
    async sidOf(name) {
      if (names().includes(name)) return policySid(name)
      const stored = (await ledger.services()).find((row) => row.name === name)
      return stored?.sid ?? policySid(name)
    },
    async all() {
      const stored = (await ledger.services()).filter((row) => !isDeleted(row))
      const changed = new Set(stored.map((row) => row.sid))
      const own = await Promise.all(names().map(ofPolicy))
      return [...own.filter((row) => !changed.has(row.sid)), ...stored]
    },
    async remove(sid, now) {
      const row = await this.service(sid)
      if (names().some((name) => policySid(name) === sid)) {
        throw new Refusal(
          'unsupported_feature',
          'A service of the policy is removed from the policy.',
        )
      }
      await ledger.putService({ ...row, friendlyName: '', updatedAt: now })
    },
    nameFor(friendlyName) {
      const wanted = plain(friendlyName)
      const known =
        names().find((name) => plain(name) === wanted) ??
        names().find((name) => joined(name) === joined(wanted))
      if (known !== undefined) return known
      return gate.policy.service(wanted) === null ? null : wanted
    },
  }
}
