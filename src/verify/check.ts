import type { VerificationRow } from '../ledger/rows.js'
import { codeMatches, hashCode, isCode } from './codes.js'
import { fail, type Life, ok } from './context.js'
import { repaySession } from './credit.js'
import { insist } from './owed.js'
import type { Patience } from './patience.js'
import { viewOf } from './rows.js'
import type { CheckResult, Result, VerificationView } from './types.js'

/** Concurrent checks that may get in each other's way before one is told to retry. */
const ROUNDS = 20

/**
 * One try at the code. Counting it and ending the verification are one compare-and-set: of concurrent right codes
 * exactly one succeeds, and no interleaving gives more than the allowed number of tries.
 */
export async function check(
  life: Life,
  patience: Patience,
  id: string,
  code: string,
): Promise<Result<CheckResult>> {
  if (!isCode(code)) return fail('invalid_code_format', 'a code is 4 to 10 decimal digits')
  for (let round = 0; round < ROUNDS; round++) {
    const row = await life.ledger.verification(id)
    // before anything is known of it: the same work for one that is not there, or over
    const right = codeMatches(row?.codeHash ?? null, hashCode(life.codeSecret, id, code))
    if (row === null) return fail('verification_not_found', `no verification ${id}`)
    const now = life.clock()
    const refused = await mayNotCheck(life, row, now)
    if (refused !== null) return refused
    const patch = right
      ? { checks: row.checks + 1, status: 'verified' as const, codeHash: null, updatedAt: now }
      : { checks: row.checks + 1, updatedAt: now }
    if (!(await life.ledger.updateVerification(id, row.version, patch))) continue
    const verification = viewOf({ ...row, ...patch })
    if (!right) {
      return ok({
        status: 'wrong_code',
        checksLeft: maxChecks(life, row) - verification.checks,
        verification,
      })
    }
    patience.seeThrough()
    await insist(life, () => repay(life, row, now))
    return ok({ status: 'verified', verification })
  }
  return fail('conflict', 'too many checks of this verification at the same time; retry')
}

const maxChecks = (life: Life, row: VerificationRow): number =>
  life.core.policy.service(row.service)?.policy.code.maxChecks ?? 5

async function mayNotCheck(
  life: Life,
  row: VerificationRow,
  now: number,
): Promise<ReturnType<typeof fail> | null> {
  switch (row.status) {
    case 'verified':
      return fail('already_verified', 'this verification has succeeded before; a code works once')
    case 'cancelled':
      return fail('verification_cancelled', 'this verification was cancelled; start a new one')
    case 'expired':
      return fail('verification_expired', 'this verification has expired; start a new one')
    case 'sent':
      break
    default:
      return fail('not_sent_yet', `no code is out: the verification is ${row.status}`)
  }
  if (now >= row.expiresAt) {
    await life.ledger.updateVerification(row.id, row.version, {
      status: 'expired',
      codeHash: null,
      updatedAt: now,
    })
    return fail('verification_expired', 'this verification has expired; start a new one')
  }
  return noCheckLeft(row, maxChecks(life, row))
}

/** Neither is a code checked then, nor one sent that nobody could enter. */
export const noCheckLeft = (row: VerificationRow, max: number): ReturnType<typeof fail> | null =>
  row.checks < max
    ? null
    : fail(
        'too_many_checks',
        `${max} codes were tried; cancel this verification or let it expire, and start a new one`,
        row.expiresAt,
      )

/** Every send of the verification, and the others of its session, are repaid: all went to its number. */
const repay = (life: Life, row: VerificationRow, now: number): Promise<void> =>
  repaySession(
    life,
    { service: row.service, number: row.to === '' ? row.number : row.to, at: row.createdAt },
    now,
    row.createdAt,
  )

/** The application verified the person by other means: settles like a right code. */
export async function approve(life: Life, id: string): Promise<Result<VerificationView>> {
  return end(life, id, 'verified', ['sent', 'challenge_required', 'held', 'denied'])
}

export async function cancel(life: Life, id: string): Promise<Result<VerificationView>> {
  return end(life, id, 'cancelled', ['sent', 'challenge_required', 'held'])
}

async function end(
  life: Life,
  id: string,
  status: 'verified' | 'cancelled',
  from: readonly VerificationRow['status'][],
): Promise<Result<VerificationView>> {
  for (let round = 0; round < ROUNDS; round++) {
    const row = await life.ledger.verification(id)
    if (row === null) return fail('verification_not_found', `no verification ${id}`)
    const now = life.clock()
    if (row.status === status) return ok(viewOf(row))
    if (row.status === 'verified')
      return fail('already_verified', 'this verification has succeeded; it cannot be cancelled')
    if (row.status === 'cancelled')
      return fail('verification_cancelled', 'this verification was cancelled')
    if (row.status === 'expired' || now >= row.expiresAt)
      return fail('verification_expired', 'this verification has expired')
    if (!from.includes(row.status))
      return fail('not_sent_yet', `a verification that is ${row.status} cannot become ${status}`)
    const patch = { status, codeHash: null, updatedAt: now }
    if (!(await life.ledger.updateVerification(id, row.version, patch))) continue
    if (status === 'verified') await insist(life, () => repay(life, row, now))
    return ok(viewOf({ ...row, ...patch }))
  }
  return fail('conflict', 'this verification is changing; retry')
}
