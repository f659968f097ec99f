import { type CompiledService, LINE_INDEX } from '../engine/compile.js'
import type { OutcomeKind, OutcomeSeen, RangeKeys, RequestSeen } from '../engine/detect/events.js'
import type { Facts } from '../engine/facts.js'
import type { LineName } from '../engine/policy.js'
import type { CreditState } from '../engine/settle.js'
import type { LostFirst, Query, SendOutcome } from '../engine/state.js'
import type { ChargeRecord } from '../ledger/rows.js'

/** What settling needs to know of a request. */
export interface Settling {
  service: string
  country: string
  operatorRange: string
  charge: ChargeRecord
  /** time of the charge, Unix ms */
  at: number
  maturesAt: number
  /** time of the settlement before this one, Unix ms; absent for the first */
  settledBefore?: number | null
}

/**
 * When the amount that a charge has on its lines was added, Unix ms: what is taken back has decayed since then.
 * A failure after a loss adds nothing on the lines that bear it, an activation only where lines earn by it.
 */
export function addedAt(
  { at, maturesAt, settledBefore }: Settling,
  from: CreditState,
  { policy }: CompiledService,
): number {
  const settled = settledBefore ?? (from === 'lost' ? maturesAt : at)
  if (from === 'reserved' || (from === 'activated' && !policy.earning.onActivation)) return at
  return from === 'failed' ? Math.min(settled, maturesAt) : settled
}

/** The session that loses its first message by a step to `to`; `null` where none does. */
export function lostFirstOf(
  { charge, at, maturesAt }: Settling,
  to: CreditState,
  now: number,
): LostFirst | null {
  if (!charge.opensSession || charge.lines.length === 0) return null
  if (to !== 'released' && to !== 'failed') return null
  // what matured while its route was out was failed by nobody's word, and what it carried matures like it
  const leaves = to === 'released' || now !== maturesAt
  return { numberKey: charge.numberKey, at, ends: to === 'released', leaves }
}

export const numberKeyOf = (query: Query): string => query.keys[LINE_INDEX.number] ?? ''

export const isOutside = (query: Query): boolean => (query.keys[LINE_INDEX.abroad] ?? '') !== ''

/** Requests and outcomes in the words of the detector. */

export const requestSeen = (facts: Facts, numberHash: string, abroad: boolean): RequestSeen => ({
  // field by field: a spread costs more than all the rest of it, and every request comes by here
  service: facts.service,
  country: facts.number.country,
  operatorRange: facts.number.operatorRange,
  block: facts.number.block,
  subBlock: facts.number.subBlock,
  abroad,
  ipKey: facts.source.ipKey,
  subnetKey: facts.source.subnetKey,
  asn: facts.source.asn,
  deviceId: facts.context.deviceId,
  accountId: facts.context.accountId,
  numberHash,
  priceMicroUsd: facts.priceMicroUsd,
})

/** A request as the detector remembers it. @param numberHash see `FactSources` */
export const seenOf = (
  facts: Facts,
  query: Query,
  numberHash: (numberKey: string) => string,
): RequestSeen => requestSeen(facts, numberHash(numberKeyOf(query)), isOutside(query))

const KINDS: Record<SendOutcome['what'], OutcomeKind> = {
  verified: 'verified',
  late: 'late',
  lost: 'unverified',
  failed: 'failed',
}

/** The ranges of a charge; `null` where it was not charged to them (later sends of a session). */
export function rangesOf({ service, country, operatorRange, charge }: Settling): RangeKeys | null {
  let block = ''
  let subBlock = ''
  let abroad = false
  for (const { line, key } of charge.lines) {
    if (line === 'block') block = key
    else if (line === 'subBlock') subBlock = key
    else if (line === 'abroad') abroad = true
  }
  return block === '' ? null : { service, country, operatorRange, block, subBlock, abroad }
}

/** The outcome of a session's first send, from the keys it was charged to. */
export function outcomeSeen(
  what: Settling,
  ranges: RangeKeys,
  numberHash: string,
  outcome: SendOutcome['what'],
  at: number,
): OutcomeSeen {
  const { charge } = what
  const keys: Partial<Record<LineName, string>> = {}
  for (const { line, key } of charge.lines) keys[line] = key
  const { ip, subnet, network, device, account } = keys
  return {
    ...ranges,
    ipKey: ip ?? null,
    subnetKey: subnet ?? null,
    asn: network === undefined ? null : Number(network.slice(2)),
    deviceId: device ?? null,
    accountId: account ?? null,
    numberHash,
    priceMicroUsd: charge.unitMicroUsd,
    outcome: KINDS[outcome],
    knownGood: charge.seen?.knownGood ?? false,
    sentAt: what.at,
    at,
  }
}
