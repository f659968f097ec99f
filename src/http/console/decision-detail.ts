import type { Desk } from '../../desk/desk.js'
import type { RequestRow, VerificationRow } from '../../ledger/rows.js'
import { ipKeyOfText } from '../../network/ip-key.js'
import { alternativesTo } from '../../verify/alternatives.js'
import { requestAgain } from '../../verify/rows.js'
import { maskEntry } from '../mask.js'
import {
  type Subject,
  showEvidence,
  showLines,
  shownNumber,
  showReason,
  subjectOf,
} from './decision-show.js'
import type { DecisionDetail, ShownStep } from './decisions-view.js'

type Parts = Pick<Desk, 'gate' | 'ledger' | 'review' | 'watch' | 'clock'>

/** Decisions of one verification: a start, its resends and challenges. */
const MAX_DECISIONS = 50

/** Everything that is known of a decision and of what became of it. */
export async function decisionDetail(
  parts: Parts,
  row: RequestRow,
  clear: boolean,
): Promise<DecisionDetail> {
  const { gate, ledger } = parts
  const subject = subjectOf(row, clear)
  const verification =
    row.verificationId === null ? null : await ledger.verification(row.verificationId)
  const source = gate.sourceFacts(row.ip)
  const number = numberOf(row, verification)
  const { id, at, kind, service, country, operator, block, ip, subnet, asn } = row
  const { deviceId, accountId, sessionId, userAgent, apiKeyId, priceMicroUsd } = row
  const { verdict, would, mode, score, knownGood, degraded, policyVersion } = row
  const { credit, maturesAt, settledAt } = row
  return {
    ...{ id, at, kind, service, country, operator, block, ip, subnet, asn },
    ...{ deviceId, accountId, sessionId, userAgent, apiKeyId, priceMicroUsd },
    ...{ verdict, would, mode, score, knownGood, degraded, policyVersion },
    ...{ credit, maturesAt, settledAt },
    number: shownNumber(subject),
    numbers: row.number.startsWith('h:') ? 'hashed' : clear ? 'clear' : 'masked',
    ipKey: ip === null ? null : ipKeyOfText(ip),
    network: source.asnName,
    ipCountry: source.country,
    hosting: source.hosting,
    policyInForce: (await ledger.policy())?.version ?? policyVersion,
    reasons: row.reasons.map((reason) => showReason(reason, subject)),
    evidence: showEvidence(row),
    lines: showLines(row, subject),
    timeline: await timelineOf(parts, row),
    verification: verification === null ? null : await lifeOf(parts, verification),
    ...(await ifItCameNow(parts, row, number, subject)),
    allowed: await allowedNow(parts, number),
    review: await reviewOf(parts, row),
    watched: await watchedBy(parts, row, clear),
  }
}

/** The entry of the watch list that it met. */
async function watchedBy(
  { watch }: Parts,
  { id }: RequestRow,
  clear: boolean,
): Promise<DecisionDetail['watched']> {
  const mark = await watch.markOf(id)
  return mark === null
    ? null
    : { entry: clear ? mark.entry : maskEntry(mark.entry), note: mark.note }
}

/** The number in clear, where it is still known; `null` where only its hash is. */
export const numberOf = (row: RequestRow, verification: VerificationRow | null): string | null =>
  row.number.startsWith('+')
    ? row.number
    : verification?.to.startsWith('+') === true
      ? verification.to
      : null

async function timelineOf({ gate, ledger }: Parts, row: RequestRow): Promise<ShownStep[]> {
  if (row.verificationId !== null) {
    const life = await gate.get(row.verificationId)
    if (life.ok) return life.value.timeline
  }
  const outcomes = await ledger.outcomesOf(row.id)
  return [
    { at: row.at, event: `${row.kind}: ${row.verdict}`, detail: row.reasons[0]?.code ?? null },
    ...outcomes.map(({ at, kind, detail }) => ({ at, event: kind, detail })),
  ].sort((a, b) => a.at - b.at)
}

async function lifeOf(
  { gate, ledger }: Parts,
  row: VerificationRow,
): Promise<DecisionDetail['verification']> {
  const requests = await ledger.requests({ verificationId: row.id, limit: MAX_DECISIONS })
  const life = await gate.get(row.id)
  const { id, sends, checks, expiresAt } = row
  return {
    ...{ id, sends, checks, expiresAt },
    status: life.ok ? life.value.status : row.status,
    decisions: requests
      .map(({ id: decision, at, kind, verdict }) => ({ id: decision, at, kind, verdict }))
      .reverse(),
  }
}

/** What the gate would say today: the range may have healed, the policy may have changed. */
async function ifItCameNow(
  { gate }: Parts,
  row: RequestRow,
  number: string | null,
  subject: Subject,
): Promise<Pick<DecisionDetail, 'now' | 'notAsked'>> {
  if (number === null)
    return {
      now: null,
      notAsked: 'Only a hash of the number is kept, and the gate decides on numbers.',
    }
  const request = { ...requestAgain(row), to: number }
  const answer = await gate.assess(request)
  if (!answer.ok) return { now: null, notAsked: answer.error.message }
  const { would, reasons, number: parsed } = answer.value
  const settled = would === 'allow' || parsed.problem !== null
  return {
    now: {
      would,
      reasons: reasons.map((reason) => showReason(reason, subject)),
      alternatives: settled
        ? []
        : await alternativesTo(request, async (other) => {
            const then = await gate.assess(other)
            return then.ok ? then.value.would : would
          }),
    },
    notAsked: null,
  }
}

async function allowedNow(
  { ledger, clock }: Parts,
  number: string | null,
): Promise<DecisionDetail['allowed']> {
  const entry = number === null ? null : await ledger.listEntry('allow', number, clock())
  return entry === null ? null : { expiresAt: entry.expiresAt }
}

async function reviewOf({ review }: Parts, row: RequestRow): Promise<string | null> {
  const outcome = await review.outcomeOf(row)
  return outcome?.state ?? null
}
