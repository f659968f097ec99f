import { HOUR, MINUTE } from '../../engine/units.js'
import { collection } from '../../ledger/collection.js'
import type { ConsoleStore } from '../../ledger/console-port.js'
import { digest, newToken, type RandomBytes } from './token.js'

/** How somebody proved who they are. */
export type SignInWay = 'passkey' | 'recovery' | 'link' | 'oidc'

/** What is known of the browser of a session, for the list of sessions. */
export interface Browser {
  /** address, as the audit log names it */
  source: string
  userAgent: string | null
}

export interface Session extends Browser {
  userId: string
  createdAt: number
  /** last use by a person: what a page reads by itself does not count */
  seenAt: number
  way: SignInWay
}

export interface OpenSession extends Session {
  /** SHA-256 of the token that the browser has: names a session and opens none */
  id: string
  endsAt: number
}

/** NIST SP 800-63B-4 (2.2.3) asks for at most 24 h and an hour of idleness at its second level; a console of money takes half. */
export const IDLE_MS = 30 * MINUTE
const LIFETIME_MS = 12 * HOUR
/** How exactly `seenAt` is kept: a write a minute, not a write a request. */
const SLIDE_MS = MINUTE
/** Sessions of a user at once; one more ends the one unused for longest. */
const MOST = 20
const LONGEST_USER_AGENT = 300

export interface SessionOptions {
  store: ConsoleStore
  clock: () => number
  random: RandomBytes
  /** ms without use after which a session ends @default IDLE_MS */
  idleMs?: number
  /** ms after which a session ends whatever happens @default LIFETIME_MS */
  lifetimeMs?: number
}

/** Who is signed in where. Every request asks the ledger: a session that was ended is over at once. */
export function createSessions(options: SessionOptions) {
  const { store, clock, random, idleMs = IDLE_MS, lifetimeMs = LIFETIME_MS } = options
  const kept = collection<Session>(store, 'session')

  const isOver = (session: Session, now: number): boolean =>
    now - session.seenAt >= idleMs || now - session.createdAt >= lifetimeMs

  async function list(userId: string): Promise<OpenSession[]> {
    const now = clock()
    const rows = await kept.list({ parent: userId, limit: 4 * MOST })
    const open: OpenSession[] = []
    for (const { id, value, at } of rows) {
      if (isOver(value, now)) await kept.remove(id)
      else open.push({ id, endsAt: at + lifetimeMs, ...value })
    }
    return open.sort((a, b) => b.seenAt - a.seenAt)
  }

  return {
    idleMs,
    lifetimeMs,

    /** A new session with an id of its own, whatever the browser had before. @returns what the browser keeps */
    async open(userId: string, way: SignInWay, browser: Browser): Promise<string> {
      const now = clock()
      const token = newToken(random)
      const before = await list(userId)
      for (const { id } of before.slice(MOST - 1)) await kept.remove(id)
      const userAgent = browser.userAgent?.slice(0, LONGEST_USER_AGENT) ?? null
      const { source } = browser
      const value = { userId, createdAt: now, seenAt: now, way, source, userAgent }
      await kept.put({
        id: digest(token),
        parent: userId,
        at: now,
        expiresAt: now + lifetimeMs,
        value,
      })
      return token
    },

    /**
     * @param usedAt when a person last used the page, Unix ms; `null` for what pages read by themselves
     * @returns `null` when there is no such session or it is over
     */
    async check(token: string, usedAt: number | null): Promise<OpenSession | null> {
      const now = clock()
      const id = digest(token)
      const row = await kept.get(id)
      if (row === null) return null
      if (isOver(row.value, now)) {
        await kept.remove(id)
        return null
      }
      const seenAt = Math.min(usedAt ?? 0, now)
      if (seenAt - row.value.seenAt >= SLIDE_MS)
        await kept.update(id, (value) => ({ ...value, seenAt: Math.max(value.seenAt, seenAt) }))
      return { ...row.value, id, endsAt: row.at + lifetimeMs }
    },

    list,

    /** @returns false when it was over already, or is not that user's */
    async end(id: string, userId?: string): Promise<boolean> {
      const row = await kept.get(id)
      if (row === null || (userId !== undefined && row.value.userId !== userId)) return false
      return kept.remove(id)
    },

    endToken: (token: string): Promise<boolean> => kept.remove(digest(token)),

    /** @param but the session that goes on @returns how many ended */
    async endAll(userId: string, but?: string): Promise<number> {
      let ended = 0
      for (const { id } of await list(userId)) if (id !== but && (await kept.remove(id))) ended += 1
      return ended
    },
  }
}

export type Sessions = ReturnType<typeof createSessions>
