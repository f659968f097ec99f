import { HOUR } from '../../engine/units.js'
import type { Recorder } from './record.js'
import type { Browser } from './sessions.js'

/** Failures written down in an hour: enough to see an attack, too few to fill a disk with. */
const AN_HOUR = 60

/** Failed attempts to sign in, for the audit log. What an hour has too many of is told as a number with the next one. */
export function createFailures(record: Recorder, clock: () => number) {
  let since = Number.NEGATIVE_INFINITY
  let written = 0
  let unwritten = 0
  return async (way: string, why: string, { source }: Browser, userId?: string): Promise<void> => {
    const now = clock()
    if (now - since >= HOUR) {
      since = now
      written = 0
    }
    if (written >= AN_HOUR) {
      unwritten += 1
      return
    }
    written += 1
    const detail = { way, why, source, ...(unwritten > 0 && { unwritten }) }
    unwritten = 0
    const target = userId === undefined ? 'sign-in' : `user:${userId}`
    await record({ actor: 'nobody', action: 'sign-in.failed', target, detail })
  }
}

export type Failures = ReturnType<typeof createFailures>
