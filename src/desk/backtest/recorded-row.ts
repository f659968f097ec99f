import type { Reason } from '../../engine/decision.js'
import type { NumberProblem, NumberType } from '../../engine/facts.js'
import type { Ledger } from '../../ledger/port.js'
import type { RequestRow } from '../../ledger/rows.js'

/** What became of a recorded request. */
export type RecordedOutcome =
  /** nothing went out, so nobody knows what would have become of it */
  | { what: 'none' }
  /** no provider took the message: nothing was billed */
  | { what: 'unsent' }
  | { what: 'unverified' }
  /** @property afterMs after the request, ms */
  | { what: 'failed'; afterMs: number }
  /** @property fraud the application said later that it was no person of theirs */
  | { what: 'verified'; afterMs: number; activated: boolean; fraud: boolean }

/** What a replay needs of a request as it is. */
function copied(row: RequestRow) {
  const { id, at, service, kind, number, country, operator, block, ip, subnet, asn } = row
  const { deviceId, accountId, sessionId, userAgent, apiKeyId } = row
  const { priceMicroUsd, verdict, verificationId } = row
  return {
    ...{ id, at, service, kind, number, country, operator, block, ip, subnet, asn },
    ...{ deviceId, accountId, sessionId, userAgent, apiKeyId },
    ...{ priceMicroUsd, verdict, verificationId },
  }
}

/** A request of the ledger with what a replay needs of it, small enough to be handed to a thread. */
export interface RecordedRow extends ReturnType<typeof copied> {
  /** why no code could be sent to it */
  problem: NumberProblem | null
  /** line type, where a reason names it */
  type: NumberType | null
  allocated: boolean
  /** the caller vouched for it */
  vouched: boolean
  outcome: RecordedOutcome
}

const said = (reasons: readonly Reason[], code: Reason['code']): string | null =>
  reasons.find((reason) => reason.code === code)?.subject ?? null

function problemOf(reasons: readonly Reason[]): NumberProblem | null {
  if (said(reasons, 'number.extension') !== null) return 'extension'
  if (said(reasons, 'number.global_code') !== null) return 'global_code'
  const invalid = said(reasons, 'number.invalid')
  return invalid === null ? null : invalid === 'unparseable' ? 'unparseable' : 'invalid'
}

/** The time a code was entered, where the request's own row has a later time. */
async function verifiedAt(ledger: Ledger, id: string): Promise<number | null> {
  const outcomes = await ledger.outcomesOf(id)
  return outcomes.find(({ kind }) => kind === 'verified')?.at ?? null
}

async function outcomeOf(ledger: Ledger, row: RequestRow): Promise<RecordedOutcome> {
  const { id, at, credit, maturesAt } = row
  const settledAt = row.settledAt ?? at
  const afterMs = Math.max(1, settledAt - at)
  switch (credit) {
    case 'none':
      return { what: 'none' }
    case 'released':
      return { what: 'unsent' }
    case 'reserved':
      return { what: 'unverified' }
    case 'failed':
      return { what: 'failed', afterMs }
    case 'earned':
      return { what: 'verified', afterMs, activated: false, fraud: false }
    case 'activated': {
      const when = await verifiedAt(ledger, id)
      return {
        what: 'verified',
        afterMs: when === null ? afterMs : Math.max(1, when - at),
        activated: true,
        fraud: false,
      }
    }
    case 'lost': {
      // what merely matured is settled at its maturity; anything later is a label on what had been verified
      if (maturesAt === null || settledAt <= maturesAt) return { what: 'unverified' }
      const when = await verifiedAt(ledger, id)
      return when === null
        ? { what: 'unverified' }
        : { what: 'verified', afterMs: Math.max(1, when - at), activated: false, fraud: true }
    }
  }
}

/** A row of the ledger as a replay takes it. */
export async function recorded(ledger: Ledger, row: RequestRow): Promise<RecordedRow> {
  const { reasons } = row
  return {
    ...copied(row),
    problem: problemOf(reasons),
    type: said(reasons, 'number.type') as NumberType | null,
    allocated: said(reasons, 'number.unallocated') === null,
    vouched: said(reasons, 'list.allowed') === 'riskCheck=false',
    outcome: await outcomeOf(ledger, row),
  }
}
