/** Refused requests: money saved, each number counted once an hour; and who of them verified after all. */
import { HOUR } from '../units.js'
import type { RefusedSeen } from './events.js'

export interface Refusal {
  at: number
  priceMicroUsd: number
  verdict: RefusedSeen['verdict']
  incidentId: string | null
}

export type RefusalsSnapshot = [string, Refusal][]

const keyOf = (service: string, numberHash: string): string => `${service}|${numberHash}`

/** @param capacity numbers remembered; the longest unheard of are forgotten */
export function createRefusals(capacity: number) {
  const refusals = new Map<string, Refusal>()
  return {
    /** False when the number was counted in this hour already. */
    add(r: RefusedSeen, incidentId: string | null): boolean {
      const key = keyOf(r.service, r.numberHash)
      const known = refusals.get(key)
      if (known !== undefined && Math.floor(known.at / HOUR) === Math.floor(r.at / HOUR)) {
        // refused outright after a challenge: passing that one would no longer undo the saving
        if (r.verdict === 'denied') known.verdict = 'denied'
        return false
      }
      refusals.delete(key)
      if (refusals.size >= capacity) {
        const oldest = refusals.keys().next()
        if (!oldest.done) refusals.delete(oldest.value)
      }
      const { at, priceMicroUsd, verdict } = r
      refusals.set(key, { at, priceMicroUsd, verdict, incidentId })
      return true
    },
    get: (service: string, numberHash: string): Refusal | undefined =>
      refusals.get(keyOf(service, numberHash)),
    delete: (service: string, numberHash: string): boolean =>
      refusals.delete(keyOf(service, numberHash)),
    /** The incident has another name now. */
    rename(from: string, to: string): void {
      for (const refusal of refusals.values())
        if (refusal.incidentId === from) refusal.incidentId = to
    },
    snapshot: (): RefusalsSnapshot => structuredClone([...refusals]),
    restore(snapshot: RefusalsSnapshot): void {
      refusals.clear()
      for (const [key, refusal] of structuredClone(snapshot)) refusals.set(key, refusal)
    },
  }
}
