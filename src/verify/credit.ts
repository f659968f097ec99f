import {
  CONVERTED,
  type Credit,
  type OutcomeKind,
  type RequestRow,
  type SettledRequest,
} from '../ledger/rows.js'
import type { Life } from './context.js'
import type { Settling } from './core.js'

/** Which credit an outcome leads to, and from which it may come. Outcomes not named move nothing. */
export const STEPS: Partial<Record<OutcomeKind, { from: readonly Credit[]; to: Credit }>> = {
  verified: { from: ['reserved', 'lost', 'failed'], to: 'earned' },
  // moves lines only where they earn on activation
  activated: { from: ['earned'], to: 'activated' },
  lost: { from: ['reserved'], to: 'lost' },
  failed: { from: ['reserved', 'lost'], to: 'failed' },
  // providers tell in any order, and twice: what was delivered has not failed, and nobody has entered its code yet
  delivered: { from: ['failed'], to: 'lost' },
  released: { from: ['reserved'], to: 'released' },
  // a label that comes later than the code: what it earned was not earned
  banned: { from: CONVERTED, to: 'lost' },
  chargeback: { from: CONVERTED, to: 'lost' },
}

/** Labels that take back what a code earned. */
const LABELS: ReadonlySet<OutcomeKind> = new Set<OutcomeKind>(['banned', 'chargeback'])

/** A label is the last word: a code that comes once more must not earn again what it took back. */
export async function takenBack(life: Life, requestId: string): Promise<OutcomeKind | null> {
  const told = await life.ledger.outcomesOf(requestId)
  return told.find(({ kind, from, to }) => LABELS.has(kind) && from !== to)?.kind ?? null
}

/** @param settledBefore time of the settlement before the one that is made, Unix ms */
export const settlingOf = (
  row: SettledRequest,
  settledBefore: number | null = null,
): Settling | null =>
  row.charge === null
    ? null
    : {
        service: row.service,
        country: row.country,
        operatorRange: row.operator,
        charge: row.charge,
        at: row.at,
        maturesAt: row.maturesAt ?? row.at,
        settledBefore,
      }

/**
 * One outcome of one request: recorded, and its credit moved, exactly once however often it is told. The ledger's
 * guarded step decides who does it; only then the lines move.
 * @param from only from these, of those that the outcome may come from. @default all of them
 * @returns whether it moved anything
 */
export async function settle(
  life: Life,
  requestId: string,
  kind: OutcomeKind,
  at: number,
  detail?: string,
  from?: readonly Credit[],
): Promise<boolean> {
  const step = STEPS[kind]
  if (step === undefined) return false
  const settled = await life.ledger.settle(
    requestId,
    from ?? step.from,
    step.to,
    detail === undefined ? { kind, at } : { kind, at, detail },
  )
  if (settled === null) return false
  const what = settlingOf(settled, settled.settledBefore)
  if (what !== null) await life.core.settle(what, settled.before, step.to, at)
  life.applied(`s:${requestId}:${step.to}`)
  return true
}

/** How far back a session's other sends are looked for: a verification's longest life and then some, ms. */
const SESSION_LOOKBACK_MS = 60 * 60_000

/**
 * A verified code repays every send of its session: all to this number in the service since the session began.
 * @param since sends since then are repaid however long ago that is, Unix ms
 */
export async function repaySession(
  life: Life,
  row: Pick<RequestRow, 'service' | 'number' | 'at'>,
  at: number,
  since: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  const sessionMs = life.core.policy.service(row.service)?.policy.sessionMs ?? 0
  const sends = await life.ledger.sessionSends({
    service: row.service,
    number: row.number,
    from: Math.min(Math.max(row.at - sessionMs, at - SESSION_LOOKBACK_MS), since),
    credit: ['reserved', 'lost', 'failed'],
    limit: 100,
  })
  for (const id of sends) {
    if (await settle(life, id, 'verified', at, undefined, ['reserved'])) continue
    if ((await takenBack(life, id)) === null) await settle(life, id, 'verified', at)
  }
}

/** What could not be recorded is not sent, and what is not sent is not charged. */
export async function undoCharge(
  { core, applied }: Life,
  request: RequestRow,
  now: number,
): Promise<void> {
  const what = settlingOf(request)
  if (what !== null) await core.settle(what, 'reserved', 'released', now)
  applied(`s:${request.id}:released`)
}
