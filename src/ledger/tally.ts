import type { Verdict } from '../engine/decision.js'
import type { ReasonCode } from '../engine/reasons.js'
import { ipKeyOfText } from '../network/ip-key.js'
import { type Dimension, TALLIES, type Tally, type TallyName } from './console-port.js'
import { CONVERTED, type Credit, type RequestRow, WENT_OUT } from './rows.js'

/** What is read of a request to count it as it is. */
export const COUNTED = [
  ...(['id', 'at', 'service', 'number', 'country', 'operator', 'block', 'ip', 'subnet'] as const),
  ...(['asn', 'deviceId', 'accountId', 'priceMicroUsd', 'verdict', 'would'] as const),
] as const satisfies readonly (keyof RequestRow)[]

/** What is read of a request to count it. */
export interface CountedRequest extends Pick<RequestRow, (typeof COUNTED)[number]> {
  seq: number
  reasons: readonly ReasonCode[]
  /** a message was charged for it, and its credit began as 'reserved' */
  charged: boolean
}

/** Amounts in the order of {@link TALLIES}. */
export type Amounts = readonly number[]

const amounts = (part: Partial<Tally>): Amounts => TALLIES.map((name) => part[name] ?? 0)

/** What a request counts as: by what enforce mode would have said. */
export const BY_VERDICT = {
  allow: 'allowed',
  challenge: 'challenged',
  hold: 'held',
  deny: 'denied',
} as const satisfies Record<Verdict, TallyName>

/** Whole micro-USD: sums come out the same in whatever order they are taken. */
const priceOf = (request: Pick<CountedRequest, 'priceMicroUsd'>): number =>
  Math.round(request.priceMicroUsd)

/** What credit in this state counts for. */
function weighed(credit: Credit, price: number): Partial<Tally> {
  if (!WENT_OUT.includes(credit)) return {}
  return {
    sends: 1,
    spendMicroUsd: price,
    ...(CONVERTED.includes(credit) && { verified: 1, verifiedMicroUsd: price }),
    ...(credit === 'lost' && { lost: 1, lostMicroUsd: price }),
    ...(credit === 'failed' && { failed: 1, failedMicroUsd: price }),
  }
}

/** A request when it is made. What becomes of it is counted by {@link ofOutcome}. */
export function ofRequest(request: CountedRequest): Amounts {
  return amounts({
    requests: 1,
    [BY_VERDICT[request.would]]: 1,
    ...(request.charged && weighed('reserved', priceOf(request))),
  })
}

/** A message handed to a provider. */
export const ofSend = (request: Pick<CountedRequest, 'priceMicroUsd'>): Amounts =>
  amounts(weighed('reserved', priceOf(request)))

/** A step of credit: what the new state counts for less what the old one did. */
export function ofOutcome(
  request: Pick<CountedRequest, 'priceMicroUsd'>,
  from: Credit,
  to: Credit,
): Amounts {
  const price = priceOf(request)
  const before = amounts(weighed(from, price))
  return amounts(weighed(to, price)).map((amount, i) => amount - (before[i] ?? 0))
}

/** The price of a message that was not sent, or that monitor mode sent against its own advice. */
export const ofRefusal = (request: CountedRequest, kind: RefusalKind): Amounts =>
  kind === 'saved'
    ? amounts({ refusedNumbers: 1, savedMicroUsd: priceOf(request) })
    : amounts({ wouldSaveMicroUsd: priceOf(request) })

/** 'saved': refused; 'would': sent in monitor mode where enforce mode would have refused. */
export type RefusalKind = 'saved' | 'would'

/** No message can be sent to such a number whatever is decided: refusing it saves nothing. */
const UNSENDABLE: readonly ReasonCode[] = ['number.invalid', 'number.extension']

const REFUSED: readonly Verdict[] = ['deny', 'hold']

/**
 * Whether a request counts as refused, and when that is known: 'now', or 'later' for a challenge, which may still be
 * answered.
 */
export function refusalOf(
  request: CountedRequest,
): { kind: RefusalKind; known: 'now' | 'later' } | null {
  const { verdict, would, number, reasons } = request
  if (number === '' || reasons.some((code) => UNSENDABLE.includes(code))) return null
  const kind: RefusalKind = verdict === 'allow' ? 'would' : 'saved'
  const asked = verdict === 'allow' ? would : verdict
  if (asked === 'allow') return null
  return { kind, known: REFUSED.includes(asked) ? 'now' : 'later' }
}

export interface Place {
  dimension: Dimension
  parent: string
  key: string
}

/** Everything a request is counted under. Unknown keys are left out; `provider` is known by its send alone. */
export function placesOf(request: CountedRequest): Place[] {
  const { country, operator, block, asn, reasons } = request
  const places: Place[] = [{ dimension: 'all', parent: '', key: '' }]
  const add = (dimension: Dimension, key: string | null, parent = '') => {
    if (key !== null && key !== '') places.push({ dimension, parent, key })
  }
  add('country', country)
  add('operator', operator, country)
  add('block', block, operator)
  add('subBlock', subBlockOf(request), block)
  add('network', asn === null ? null : `AS${asn}`)
  add('subnet', request.subnet)
  add('ip', request.ip === null ? null : ipKeyOfText(request.ip))
  add('device', request.deviceId)
  add('account', request.accountId)
  for (const code of new Set(reasons)) add('reason', code)
  return places
}

/** E.164 without its last three digits, as the numbering says; '' where the number is hashed. */
export function subBlockOf({ number, block }: Pick<CountedRequest, 'number' | 'block'>): string {
  return number.startsWith('+') ? number.slice(0, Math.max(block.length, number.length - 3)) : ''
}

export const asTally = (of: Amounts): Tally =>
  Object.fromEntries(TALLIES.map((name, i) => [name, of[i] ?? 0])) as Tally
