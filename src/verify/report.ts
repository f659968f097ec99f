import { OUTCOMES, type OutcomeKind, type RequestRow } from '../ledger/rows.js'
import type { Life } from './context.js'
import { repaySession, STEPS, settle, takenBack } from './credit.js'
import type { OutcomeReport } from './types.js'

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

async function labelOf(life: Life, rows: readonly RequestRow[]): Promise<OutcomeKind | null> {
  for (const { id, credit } of rows) {
    if (credit !== 'lost' && credit !== 'failed') continue
    const label = await takenBack(life, id)
    if (label !== null) return label
  }
  return null
}

/** What an outcome contradicts that was told of before: providers' receipts come in any order. @returns why not */
async function refusalOf(
  life: Life,
  { id, kind: asked }: RequestRow,
  kind: OutcomeKind,
): Promise<string | null> {
  if (kind !== 'failed' && kind !== 'released') return null
  if (kind === 'released' && asked !== 'decision')
    return 'only a decision can be released: what the gateway sends itself it settles itself'
  const told = (await life.ledger.outcomesOf(id)).map((outcome) => outcome.kind)
  if (told.includes('delivered')) return 'it was delivered, which is final'
  return kind === 'released' && told.includes('sent') ? 'it was sent: tell of a failure' : null
}

/** What the schema tells callers over HTTP. @returns what is wrong with it, or `null` */
function flawOf({ id, kind, at }: OutcomeReport): string | null {
  if (typeof id !== 'string') return 'id is missing: give that of a decision or a verification'
  if (!OUTCOMES.includes(kind)) return `there is no kind "${kind}": ${OUTCOMES.join(', ')}`
  if (at !== undefined && !(Number.isInteger(at) && at >= 0)) return 'at is no Unix time in ms'
  return null
}

async function reportOne(life: Life, outcome: OutcomeReport): Promise<Reported> {
  const { id, kind, at, detail } = outcome
  const flaw = flawOf(outcome)
  if (flaw !== null) return { id, accepted: false, reason: flaw }
  const now = life.clock()
  const rows = id.startsWith('ver_')
    ? await life.ledger.requests({ verificationId: id, limit: 50 })
    : [await life.ledger.request(id)].filter((r) => r !== null)
  const first = rows[0]
  if (first === undefined)
    return { id, accepted: false, reason: 'no such decision or verification' }
  // a clock of theirs that runs ahead must not let amounts decay from the future, and nothing comes of what is not asked yet
  const asked = Math.min(...rows.map((row) => row.at))
  const when = Math.min(Math.max(at ?? now, asked), now)
  if (kind === 'verified') {
    const label = await labelOf(life, rows)
    if (label !== null)
      return { id, accepted: false, reason: `what it earned is taken back: ${label}` }
  }
  let moved = false
  for (const row of rows) {
    const refusal = await refusalOf(life, row, kind)
    if (refusal !== null) return { id, accepted: false, reason: refusal }
    moved = (await settle(life, row.id, kind, when, detail)) || moved
  }
  if (kind === 'verified' && moved) await repaySession(life, first, when)
  if (moved) return { id, accepted: true, reason: null }
  // a receipt that moves nothing is kept all the same
  if (STEPS[kind] !== undefined && kind !== 'delivered')
    return { id, accepted: false, reason: `nothing to move: its credit is ${first.credit}` }
  const { credit } = first
  const row = { at: when, requestId: first.id, kind, from: credit, to: credit }
  life.ledger.append([{ table: 'outcomes', row: { ...row, detail: detail ?? null } }])
  return { id, accepted: true, reason: null }
}
