import { DAY, HOUR } from '../../engine/units.js'
import { collection } from '../../ledger/collection.js'
import type { ConsoleStore } from '../../ledger/console-port.js'
import { digest, newToken, type RandomBytes } from './token.js'
import type { Role } from './user.js'

/** `setup`: makes the first administrator. `invite`: makes a user. `passkey`: gives a user who is locked out a new passkey. */
export type LinkPurpose = 'setup' | 'invite' | 'passkey'

export interface Link {
  purpose: LinkPurpose
  /** of the user it makes or lets in; '' where the first administrator chooses it */
  name: string
  role: Role
  /** whom a `passkey` link is for */
  userId: string | null
  /** who made it */
  by: string
}

export interface KnownLink extends Link {
  /** SHA-256 of the token: names a link and opens nothing */
  id: string
  createdAt: number
  expiresAt: number
}

/** A link on the screen of who starts the gateway, or sent by hand: a day, and a long weekend. */
export const LINK_MS: Record<LinkPurpose, number> = {
  setup: DAY,
  passkey: DAY,
  invite: 72 * HOUR,
}

/** The path of the page; the token is in the fragment, which browsers send to nobody, so that no log has it. */
export const linkUrl = (origin: string, token: string): string =>
  `${origin}/sign-in/setup#token=${token}`

/** One-time links. Only the digest of a token is kept. */
export function createLinks({
  store,
  clock,
  random,
}: {
  store: ConsoleStore
  clock: () => number
  random: RandomBytes
}) {
  const kept = collection<Link>(store, 'sign-in-link')

  async function list(purpose: LinkPurpose): Promise<KnownLink[]> {
    const now = clock()
    const rows = await kept.list({ parent: purpose, limit: 500 })
    return rows.flatMap(({ id, at, expiresAt, value }) =>
      expiresAt !== null && expiresAt > now ? [{ id, createdAt: at, expiresAt, ...value }] : [],
    )
  }

  return {
    /** @returns the token, for the only time */
    async make(link: Link): Promise<{ token: string; id: string; expiresAt: number }> {
      const at = clock()
      const token = newToken(random)
      const id = digest(token)
      const expiresAt = at + LINK_MS[link.purpose]
      await kept.put({ id, parent: link.purpose, at, expiresAt, value: link })
      return { token, id, expiresAt }
    },

    /** @returns `null` when it was used, has ended or never was */
    async look(token: string): Promise<KnownLink | null> {
      const id = digest(token)
      const row = await kept.get(id)
      if (row === null || row.expiresAt === null || row.expiresAt <= clock()) return null
      return { id, createdAt: row.at, expiresAt: row.expiresAt, ...row.value }
    },

    list,

    /** Uses a link up, or takes it back. @returns false when somebody else was faster */
    spend: (id: string): Promise<boolean> => kept.remove(id),

    async forget(purpose: LinkPurpose): Promise<void> {
      for (const { id } of await kept.list({ parent: purpose, limit: 500 })) await kept.remove(id)
    },
  }
}

export type Links = ReturnType<typeof createLinks>
