import type { OutcomeKind, RequestRow } from '../ledger/rows.js'
import type { Receipt } from '../send/port.js'
import type { Life } from './context.js'
import { LABELS, repaySession, STEPS, settle, settlingOf } from './credit.js'
import { watch } from './incidents.js'
import { payOwed } from './owed.js'
import type { OutcomeReport } from './types.js'

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

/** Receipts of a provider's webhook. @returns how many were of messages sent here */
export async function receive(
  life: Life,
  provider: string,
  receipts: readonly Receipt[],
): Promise<number> {
  let known = 0
  for (const receipt of receipts) {
    const send = await life.ledger.sendByProvider(provider, receipt.providerId)
    if (send === null) continue
    known++
    const { at, status, error, providerCode } = receipt
    life.ledger.append([
      { table: 'receipts', row: { sendId: send.id, at, status, error, providerCode } },
    ])
    if (
      status === 'sent' ||
      send.status === 'failed' ||
      (send.status === 'delivered' && status !== 'failed')
    )
      continue
    await life.ledger.updateSend(send.id, { status, error, updatedAt: at })
    if (status === 'failed')
      await settle(life, send.requestId, 'failed', life.clock(), error ?? 'failed')
  }
  await life.ledger.commit()
  return known
}

export interface Reported {
  id: string
  accepted: boolean
  /** why not, or `null` */
  reason: string | null
}

/** Outcomes told by the application, for decisions and verifications. Told twice, they count once. */
export async function report(life: Life, outcomes: readonly OutcomeReport[]): Promise<Reported[]> {
  const answers: Reported[] = []
  for (const outcome of outcomes) answers.push(await reportOne(life, outcome))
  await life.ledger.commit()
  return answers
}

/** A label is the last word: a code told of once more, as webhooks are, must not earn again what it took back. */
async function takenBack(life: Life, rows: readonly RequestRow[]): Promise<OutcomeKind | null> {
  for (const { id, credit } of rows) {
    if (credit !== 'lost') continue
    const told = await life.ledger.outcomesOf(id)
    const label = told.find(({ kind, from, to }) => LABELS.has(kind) && from !== to)
    if (label !== undefined) return label.kind
  }
  return null
}

async function reportOne(life: Life, { id, kind, at, detail }: OutcomeReport): Promise<Reported> {
  const now = life.clock()
  // a clock of theirs that runs ahead must not let amounts decay from the future
  const when = Math.min(at ?? now, now)
  const rows = id.startsWith('ver_')
    ? await life.ledger.requests({ verificationId: id, limit: 50 })
    : [await life.ledger.request(id)].filter((r) => r !== null)
  const first = rows[0]
  if (first === undefined)
    return { id, accepted: false, reason: 'no such decision or verification' }
  if (STEPS[kind] === undefined) {
    life.ledger.append([
      {
        table: 'outcomes',
        row: {
          at: when,
          requestId: first.id,
          kind,
          from: first.credit,
          to: first.credit,
          detail: detail ?? null,
        },
      },
    ])
    return { id, accepted: true, reason: null }
  }
  if (kind === 'verified') {
    const label = await takenBack(life, rows)
    if (label !== null)
      return { id, accepted: false, reason: `what it earned is taken back: ${label}` }
  }
  let moved = false
  for (const row of rows) moved = (await settle(life, row.id, kind, when, detail)) || moved
  if (kind === 'verified' && moved) await repaySession(life, first, when)
  return moved
    ? { id, accepted: true, reason: null }
    : { id, accepted: false, reason: `nothing to move: its credit is ${first.credit}` }
}
