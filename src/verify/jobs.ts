import type { RequestRow } from '../ledger/rows.js'
import type { Life } from './context.js'
import { settle, settlingOf } from './credit.js'
import { watch } from './incidents.js'
import { payOwed } from './owed.js'
import { receiveEarly } from './receipts.js'

const BATCH = 1_000
/** A round of due work is bounded, so that a backlog does not hold up requests. */
const MAX_BATCHES = 20
/** Settlements under way at once where the ledger is reached over a network: each is mostly waiting. */
const AT_ONCE = 16

/**
 * Sends that reached their maturity unverified count as lost; verifications past their time end. In a cluster one
 * gateway does it; were it two for a moment, the ledger's guarded steps have every one of them done once.
 */
export async function tick(life: Life): Promise<number> {
  await payOwed(life)
  await receiveEarly(life)
  watch(life)
  if (!life.leads()) return 0
  const atOnce = life.shared ? AT_ONCE : 1
  let matured = 0
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const due = await life.ledger.due(life.clock(), BATCH)
    for (let i = 0; i < due.length; i += atOnce) {
      const group = due.slice(i, i + atOnce).map((row) => mature(life, row))
      for (const lost of await Promise.all(group)) if (lost) matured++
    }
    if (due.length < BATCH) break
  }
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const now = life.clock()
    const expired = await life.ledger.expired(now, BATCH)
    for (const row of expired) {
      await life.ledger.updateVerification(row.id, row.version, {
        // nobody approved it: that is a refusal
        status: row.status === 'held' ? 'denied' : 'expired',
        codeHash: null,
        updatedAt: now,
      })
    }
    if (expired.length < BATCH) break
  }
  return matured
}

/**
 * Lost, at the moment it was due and not when this process got to it: rebuilding gives the same lines. But a crash
 * between a right code and its settlement left the credit behind: what the verification says counts.
 */
async function mature(life: Life, row: RequestRow): Promise<boolean> {
  const of = row.verificationId === null ? null : await life.ledger.verification(row.verificationId)
  if (of?.status !== 'verified') {
    const at = row.maturesAt ?? life.clock()
    const what = settlingOf(row)
    const outage = what !== null && life.core.maturesAs(what) === 'failed'
    return outage
      ? settle(life, row.id, 'failed', at, 'outage of its route')
      : settle(life, row.id, 'lost', at)
  }
  await settle(life, row.id, 'verified', of.updatedAt)
  return false
}
