import type { Facts } from '../engine/facts.js'
import type { CreditState } from '../engine/settle.js'
import type { Core, Evaluation, Settling } from '../verify/core.js'
import type { GateRequest } from '../verify/types.js'
import type { Outcome } from './contender.js'
import type { TrafficRow } from './traffic.js'

/** A send, and where its credit stands. */
interface Pending {
  id: string
  number: string
  what: Settling
  state: CreditState
  activates: boolean
}

/** After this a send can no longer be repaid by its session, ms. */
const FORGET_MS = 60 * 60_000
/** Forgotten sends that are let stand at the head of the list before it is cut. */
const SLACK = 1_000

/** The request that a row stands for, as an application would make it. */
export const requestOf = (row: TrafficRow): GateRequest => {
  const request: GateRequest = { service: row.service, to: row.to }
  if (row.ip) request.ip = row.ip
  if (row.deviceId) request.deviceId = row.deviceId
  if (row.accountId) request.accountId = row.accountId
  if (row.sessionId) request.sessionId = row.sessionId
  if (row.userAgent) request.userAgent = row.userAgent
  if (row.sessionAgeMs !== null && row.sessionAgeMs !== undefined)
    request.sessionAgeMs = row.sessionAgeMs
  if (row.precedingEvents !== null && row.precedingEvents !== undefined)
    request.precedingEvents = row.precedingEvents
  if (row.priceMicroUsd !== null && row.priceMicroUsd !== undefined)
    request.priceMicroUsd = row.priceMicroUsd
  return request
}

const numberOf = (service: string, { number }: Facts): string => `${service}|${number.e164}`

/** Settles with the production core what became of sends, as the ledger's jobs do in the gateway. */
export function createCredit(core: Core) {
  const byNumber = new Map<string, Pending[]>()
  /** in order of time; those before `first` are forgotten */
  let sends: Pending[] = []
  let first = 0

  async function move(pending: Pending, to: CreditState, at: number): Promise<void> {
    await core.settle(pending.what, pending.state, to, at)
    pending.state = to
  }

  function forget(now: number): void {
    for (let send = sends[first]; send !== undefined; send = sends[first]) {
      if (send.what.at + FORGET_MS > now) break
      first++
      const left = (byNumber.get(send.number) ?? []).filter((p) => p !== send)
      if (left.length === 0) byNumber.delete(send.number)
      else byNumber.set(send.number, left)
    }
    if (first > SLACK && 2 * first > sends.length) {
      sends = sends.slice(first)
      first = 0
    }
  }

  /** A verified code repays every send of its session. */
  async function verified(pending: Pending, at: number): Promise<void> {
    const sessionMs = core.policy.service(pending.what.service)?.policy.sessionMs ?? 0
    for (const send of byNumber.get(pending.number) ?? []) {
      if (send.what.at < pending.what.at - sessionMs) continue
      if (send.state === 'reserved' || send.state === 'lost' || send.state === 'failed')
        await move(send, 'earned', at)
      if (send === pending && pending.activates) await move(send, 'activated', at)
    }
  }

  return {
    /** A message went out on this evaluation. */
    sent(row: TrafficRow, { facts, charge, maturityMs }: Evaluation): void {
      forget(row.at)
      if (charge === null) return
      const pending: Pending = {
        id: row.id,
        number: numberOf(row.service, facts),
        state: 'reserved',
        activates: row.potential.activates,
        what: {
          service: row.service,
          country: facts.number.country,
          operatorRange: facts.number.operatorRange,
          charge,
          at: row.at,
          maturesAt: row.at + maturityMs,
        },
      }
      const list = byNumber.get(pending.number)
      if (list === undefined) byNumber.set(pending.number, [pending])
      else list.push(pending)
      sends.push(pending)
    },

    async outcome(row: TrafficRow, facts: Facts, what: Outcome, at: number): Promise<void> {
      const pending = byNumber.get(numberOf(row.service, facts))?.find((p) => p.id === row.id)
      if (pending === undefined) return
      const { state } = pending
      if (what === 'verified') await verified(pending, at)
      else if (what === 'matured' && state === 'reserved')
        await move(pending, core.maturesAs(pending.what), at)
      else if (what === 'failed' && (state === 'reserved' || state === 'lost'))
        await move(pending, 'failed', at)
    },
  }
}
