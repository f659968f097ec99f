import { setTimeout as pause } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { MINUTE, SECOND } from '../../engine/units.js'
import { codeOf, NO_CONNECTION_LEFT, TOO_FEW_CONNECTIONS } from './faults.js'

/** A pool that was refused a connection does not ask for more for so long: to be refused costs the server a process. */
const CONTENT_MS = 10 * SECOND
const AGAIN_MS = 25

/**
 * A pool that may not grow, because the server has no connection left for it, works with those it has: whoever needs one
 * waits for the next that comes free instead of being refused.
 * @param waitMs longest that one waits where there is none at all, after which the server's refusal is thrown
 * @param tell told at most once a minute
 */
export function scarce(
  pool: Pool,
  { waitMs, where, tell }: { waitMs: number; where: string; tell: (error: Error) => void },
): () => Promise<PoolClient> {
  const most = pool.options.max
  let toldAt = Number.NEGATIVE_INFINITY
  let growing: NodeJS.Timeout | undefined

  function refused(cause: unknown): void {
    const has = pool.totalCount
    pool.options.max = Math.max(1, has)
    clearTimeout(growing)
    growing = setTimeout(() => {
      pool.options.max = most
    }, CONTENT_MS).unref()
    const now = performance.now()
    if (has === 0 || now - toldAt < MINUTE) return
    toldAt = now
    const text = `${where} has no more connections for this gateway, which goes on with ${has} of ${most}: ${TOO_FEW_CONNECTIONS}`
    tell(new Error(text, { cause }))
  }

  return async () => {
    for (const begun = performance.now(); ; await pause(AGAIN_MS)) {
      try {
        return await pool.connect()
      } catch (error) {
        if (codeOf(error) !== NO_CONNECTION_LEFT) throw error
        refused(error)
        if (performance.now() - begun > waitMs) throw error
      }
    }
  }
}
