import type { ChallengeProblem } from '../challenge/port.js'
import { subjectOf } from './challenge.js'
import { fail, type Life } from './context.js'
import type { Patience } from './patience.js'
import { sendAgain } from './resend.js'
import type { LifeErrorCode, Result, StartResult } from './types.js'

const PROBLEM: Record<ChallengeProblem, [LifeErrorCode, string]> = {
  malformed: [
    'challenge_malformed',
    "the solution cannot be read; send the widget's payload as it is",
  ],
  expired: ['challenge_expired', 'the challenge has expired; start again or ask for a resend'],
  foreign: ['challenge_foreign', 'the solution belongs to another verification'],
  wrong: ['challenge_wrong', 'the solution is not right'],
  used: ['challenge_used', 'the solution was used before; each lets one message through'],
}

/** A right solution lets one send through; the send is decided anew and still charged. */
export async function solve(
  life: Life,
  patience: Patience,
  id: string,
  { type, solution }: { type: string; solution: string },
): Promise<Result<StartResult>> {
  const row = await life.ledger.verification(id)
  if (row === null) return fail('verification_not_found', `no verification ${id}`)
  if (type !== 'pow')
    return fail(
      'challenge_malformed',
      `challenge type "${type.slice(0, 20)}" is not offered; use "pow"`,
    )
  if (row.status !== 'challenge_required' && row.status !== 'sent') {
    return fail('challenge_not_asked', `a verification that is ${row.status} takes no challenge`)
  }
  const now = life.clock()
  const verified = await life.challenger.verify(subjectOf(row), solution, now)
  if (!verified.ok) return fail(...PROBLEM[verified.problem])
  const used = await life.ledger.putIfAbsent('challenge', verified.id, id, verified.expiresAt, now)
  if (used !== null) return fail(...PROBLEM.used)
  return sendAgain(life, patience, row, { challengePassed: true })
}
