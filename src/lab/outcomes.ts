import TinyQueue from 'tinyqueue'
import type { Maybe } from '../lines/port.js'
import type { Outcome } from './contender.js'
import type { TrafficRow } from './traffic.js'

interface Event<Send> {
  at: number
  kind: Outcome | 'forgotten'
  id: string
  send: Send
}

/** After this a retry is asked whether or not its first try was verified, ms. */
const FORGET_MS = 60 * 60_000
const CODE_TTL_MS = 10 * 60_000
/** A failure receipt without a time of its own comes after this. */
const FAILURE_MS = 3_000

/**
 * Lays out in virtual time what becomes of sends, from their potential outcomes. Holds only what is in flight or was
 * verified within the hour: ten million rows stream through bounded memory.
 * @param happens told in the order of time; a send that failed or matured may still be verified
 */
export function createOutcomes<Send>(
  happens: (what: Outcome, send: Send, at: number) => Maybe<void>,
) {
  const queue = new TinyQueue<Event<Send>>([], (a, b) => a.at - b.at)
  const verified = new Set<string>()

  async function run(now: number): Promise<void> {
    for (let next = queue.peek(); next !== undefined && next.at <= now; next = queue.peek()) {
      queue.pop()
      const { kind, id, send, at } = next
      if (kind === 'forgotten') {
        verified.delete(id)
        continue
      }
      if (kind === 'verified') {
        verified.add(id)
        queue.push({ at: at + FORGET_MS, kind: 'forgotten', id, send })
      }
      const done = happens(kind, send, at)
      if (done instanceof Promise) await done
    }
  }

  return {
    /** Everything that happens up to `now`; nothing to wait for when nothing is due. */
    advance(now: number): Maybe<void> {
      const next = queue.peek()
      return next !== undefined && next.at <= now ? run(now) : undefined
    },

    wasVerified: (id: string): boolean => verified.has(id),

    /** A message went out. @param maturityMs age at which it counts as matured if nothing came of it */
    sent({ id, at, potential }: TrafficRow, send: Send, maturityMs: number): void {
      const { deliveryError, deliveredMs, verifiedMs } = potential
      let endsMs = Number.POSITIVE_INFINITY
      if (deliveryError !== null) {
        endsMs = deliveredMs ?? FAILURE_MS
        queue.push({ at: at + endsMs, kind: 'failed', id, send })
      } else if (verifiedMs !== null && verifiedMs <= CODE_TTL_MS) {
        endsMs = verifiedMs
        queue.push({ at: at + endsMs, kind: 'verified', id, send })
      }
      if (endsMs > maturityMs) queue.push({ at: at + maturityMs, kind: 'matured', id, send })
    },
  }
}
