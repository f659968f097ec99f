import TinyQueue from 'tinyqueue'
import type { CreditState } from '../engine/settle.js'
import type { Core, Evaluation, Settling } from '../verify/core.js'
import type { TrafficRow } from './traffic.js'

/** A send under virtual time, and where its credit stands. */
interface Pending {
  id: string
  number: string
  what: Settling
  state: CreditState
  opened: number
  activates: boolean
}

interface Event {
  at: number
  kind: 'verified' | 'failed' | 'matured' | 'forgotten'
  pending: Pending
}

/** After this a send can no longer be repaid by its session, ms. */
const FORGET_MS = 60 * 60_000
const CODE_TTL_MS = 10 * 60_000
/** A failure receipt without a time of its own comes after this. */
const FAILURE_MS = 3_000

/**
 * Drives what becomes of sends from their potential outcomes, in the order of virtual time. Holds only what is in
 * flight or within an hour of it: ten million rows stream through bounded memory.
 */
export function createOutcomes(core: Core) {
  const queue = new TinyQueue<Event>([], (a, b) => a.at - b.at)
  const byNumber = new Map<string, Pending[]>()
  const verified = new Map<string, number>()

  async function move(pending: Pending, to: CreditState, at: number): Promise<void> {
    await core.settle(pending.what, pending.state, to, at)
    pending.state = to
  }

  async function happen({ kind, pending, at }: Event): Promise<void> {
    const { state } = pending
    if (kind === 'matured' && state === 'reserved') await move(pending, 'lost', at)
    else if (kind === 'failed' && (state === 'reserved' || state === 'lost'))
      await move(pending, 'failed', at)
    else if (kind === 'verified') {
      verified.set(pending.id, at)
      const sessionMs = core.policy.service(pending.what.service)?.policy.sessionMs ?? 0
      for (const send of byNumber.get(pending.number) ?? []) {
        if (send.opened < pending.opened - sessionMs) continue
        if (send.state === 'reserved' || send.state === 'lost' || send.state === 'failed')
          await move(send, 'earned', at)
        if (send === pending && pending.activates) await move(send, 'activated', at)
      }
    } else if (kind === 'forgotten') {
      const left = (byNumber.get(pending.number) ?? []).filter((p) => p !== pending)
      if (left.length === 0) byNumber.delete(pending.number)
      else byNumber.set(pending.number, left)
      verified.delete(pending.id)
    }
  }

  return {
    /** Everything that happens up to `now`. */
    async advance(now: number): Promise<void> {
      for (let next = queue.peek(); next !== undefined && next.at <= now; next = queue.peek()) {
        queue.pop()
        await happen(next)
      }
    },

    wasVerified: (id: string): boolean => verified.has(id),

    /** A message went out: what will become of it is laid out in time. */
    sent(row: TrafficRow, evaluation: Evaluation): void {
      const { facts, charge, maturityMs } = evaluation
      if (charge === null) return
      const number = `${row.service}|${facts.number.e164}`
      const pending: Pending = {
        id: row.id,
        number,
        state: 'reserved',
        opened: row.at,
        activates: row.potential.activates,
        what: {
          service: row.service,
          country: facts.number.country,
          operatorRange: facts.number.operatorRange,
          charge,
          at: row.at,
          maturesAt: row.at + maturityMs,
        },
      }
      const list = byNumber.get(number)
      if (list === undefined) byNumber.set(number, [pending])
      else list.push(pending)
      const { deliveryError, deliveredMs, verifiedMs } = row.potential
      queue.push({ at: row.at + maturityMs, kind: 'matured', pending })
      queue.push({ at: row.at + FORGET_MS, kind: 'forgotten', pending })
      if (deliveryError !== null)
        queue.push({ at: row.at + (deliveredMs ?? FAILURE_MS), kind: 'failed', pending })
      else if (verifiedMs !== null && verifiedMs <= CODE_TTL_MS) {
        queue.push({ at: row.at + verifiedMs, kind: 'verified', pending })
      }
    },
  }
}
