/**
 * Sends that wait for their outcome. Overdue ones are evidence before they mature: an unverified send of age a is
 * (1 - p1 F(a)) / (1 - p0 F(a)) times likelier in an attack.
 */
import { MINUTE } from '../units.js'
import type { SendSeen } from './events.js'

export interface Pending {
  service: string
  country: string
  sentAt: number
  priceMicroUsd: number
  /** went into a block that was already busier than usual */
  crowded: boolean
  matured: boolean
  /** nodes it is evidence on, while it is overdue */
  nodes: number[]
}

/** A send whose outcome never came, and a crowded one that may verify late, are forgotten. */
const FORGET_MS = 30 * MINUTE

export type PendingSnapshot = [string, Pending][]

export const pendingKey = (service: string, numberHash: string, sentAt: number): string =>
  `${service}|${numberHash}|${sentAt}`

/** @param capacity sends remembered at most; the oldest are forgotten */
export function createPending(capacity: number) {
  const sends = new Map<string, Pending>()
  return {
    sends,
    add(send: SendSeen, crowded: boolean, nodes: number[]): void {
      if (sends.size >= capacity) {
        const oldest = sends.keys().next()
        if (!oldest.done) sends.delete(oldest.value)
      }
      const { service, country, at: sentAt, priceMicroUsd } = send
      sends.set(pendingKey(service, send.numberHash, sentAt), {
        service,
        country,
        sentAt,
        priceMicroUsd,
        crowded,
        matured: false,
        nodes,
      })
    },
    /** Its outcome came. A crowded send stays known, should it verify late. */
    settle(key: string, verified: boolean): boolean {
      const pending = sends.get(key)
      if (pending === undefined) return false
      if (verified || !pending.crowded) sends.delete(key)
      else pending.matured = true
      return pending.crowded
    },
    forget(now: number): void {
      for (const [key, pending] of sends) {
        if (now - pending.sentAt < FORGET_MS) return
        sends.delete(key)
      }
    },
    snapshot: (): PendingSnapshot => structuredClone([...sends]),
    restore(snapshot: PendingSnapshot): void {
      sends.clear()
      for (const [key, pending] of structuredClone(snapshot)) sends.set(key, pending)
    },
  }
}

/** Log-likelihood ratio of a send that is not verified yet. @param verifiedBy share F(a) of those who will, by its age */
export const overdueRatio = (p1: number, p0: number, verifiedBy: number): number =>
  Math.log((1 - p1 * verifiedBy) / (1 - p0 * verifiedBy))
