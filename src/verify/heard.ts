import { type CompiledService, LINE_INDEX } from '../engine/compile.js'
import type { Reason } from '../engine/decision.js'
import type { RequestSeen } from '../engine/detect/events.js'
import { isAbroad } from '../engine/keys.js'
import { closingOf, FAST_HALF_LIFE_MS, SLOW_OPENING } from '../engine/line.js'
import type { ReasonCode } from '../engine/reasons.js'
import type { LearnedRequest } from '../ledger/rows.js'
import { subBlockOf } from '../ledger/tally.js'
import { ipKeyOfText } from '../network/ip-key.js'
import type { Learners } from './learning.js'

/** Requests of the ledger's log in the words of knowledge and detector: what other gateways decided, and this one. */

/** Such a number has no range: nobody can be pumped through it. */
const NO_NUMBER: readonly ReasonCode[] = [
  'number.invalid',
  'number.extension',
  'number.global_code',
]

/** One request as it was recorded. @param service of its policy as it is now */
export function learnRequest(
  { knowledge, detector, numberHash }: Learners,
  row: LearnedRequest,
  service: CompiledService,
): void {
  if (row.reasons.some(({ code }) => NO_NUMBER.includes(code))) return
  const { at, charge } = row
  const seen = seenOf(row, service, numberHash(row.number))
  const isSent = row.verdict === 'allow'
  if (isSent && charge?.opensSession === true)
    knowledge.sent(row.service, row.country, row.operator, row.block, at)
  // what monitor mode sends, though enforce mode does not, or found no room for twice, is charged to nothing
  if (!isSent || charge === null || charge.lines.length === 0) {
    if (isSent) detector.advised({ ...seen, at })
    else
      detector.refused({
        ...seen,
        at,
        verdict: row.verdict === 'challenge' ? 'challenged' : 'denied',
      })
    for (const level of closedRanges(row, service, seen.abroad === true))
      detector.exhausted(seen, level, at)
    return
  }
  detector.sent({ ...seen, at, resend: !charge.opensSession, knownGood: row.knownGood })
}

function seenOf(row: LearnedRequest, service: CompiledService, numberHash: string): RequestSeen {
  const charged = row.charge?.lines.find(({ line }) => line === 'subBlock')
  return {
    service: row.service,
    country: row.country,
    operatorRange: row.operator,
    block: row.block,
    subBlock: charged?.key ?? (subBlockOf(row) || reasonsSubBlock(row)),
    abroad: isAbroad(service, row.country),
    ipKey: row.ip === null ? null : ipKeyOfText(row.ip),
    subnetKey: row.subnet,
    asn: row.asn,
    deviceId: row.deviceId,
    accountId: row.accountId,
    numberHash,
    priceMicroUsd: row.priceMicroUsd,
  }
}

/** The sub-block of a refused request whose number is kept as a hash, where a reason names it; '' where none does. */
const reasonsSubBlock = ({ reasons }: LearnedRequest): string =>
  reasons.find(({ code }) => code === 'sub_block.credit_exhausted')?.subject ?? ''

const NARROW = [
  ['subBlock', 'sub_block.credit_exhausted'],
  ['block', 'block.credit_exhausted'],
] as const satisfies readonly (readonly ['subBlock' | 'block', ReasonCode])[]

/** Narrow lines that were used up and not merely in doubt: one request's doubt must not put a range in quarantine. */
function closedRanges(
  { reasons, priceMicroUsd }: LearnedRequest,
  { policy, opening, openingOutside, atLeast, atLeastOutside }: CompiledService,
  abroad: boolean,
): ('subBlock' | 'block')[] {
  return NARROW.flatMap(([level, code]) => {
    const reason = reasons.find((one) => one.code === code && one.verdict === 'deny')
    if (reason === undefined) return []
    const i = LINE_INDEX[level]
    const opens = ((abroad ? openingOutside : opening)[i] ?? 0) as number
    const least = ((abroad ? atLeastOutside : atLeast)[i] ?? 0) as number
    return isClosed(reason, Math.max(opens, least * priceMicroUsd), policy.hard) ? [level] : []
  })
}

function isClosed({ observed, limit, windowMs }: Reason, opening: number, hard: number): boolean {
  const scale = windowMs === FAST_HALF_LIFE_MS ? 1 : SLOW_OPENING
  return (observed ?? 0) > closingOf(opening * scale, limit ?? 0, hard, true)
}
