/**
 * Quarantine of narrow ranges: one hour, doubling to twelve with every repetition, reopened with one message. Verified,
 * that message frees the range; unverified, the next quarantine begins.
 */
import { DAY, HOUR } from '../units.js'
import type { QuarantineChange } from './change.js'

const FIRST_MS = HOUR
const LONGEST_MS = 12 * HOUR
/** A range that stayed free for so long starts over. */
const FORGIVE_MS = DAY

export interface Quarantine extends Omit<QuarantineChange, 'because'> {
  because: QuarantineChange['because']
  begunAt: number
  /** no message before this time: the quarantine's end, then the maturity of the one message that tries */
  closedUntil: number
  /** `held`, `reopened` and waiting for its one message, or `trying` with that one under way */
  state: 'held' | 'reopened' | 'trying'
}

export const durationOf = (strikes: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, strikes - 1))

export type QuarantinesSnapshot = [number, Quarantine][]

export interface QuarantineStart
  extends Pick<Quarantine, 'service' | 'level' | 'key' | 'country' | 'operatorRange' | 'because'> {
  now: number
}

export function createQuarantines() {
  const held = new Map<number, Quarantine>()
  return {
    held,
    /** `null` when it is in quarantine already. */
    begin(node: number, start: QuarantineStart): Quarantine | null {
      const known = held.get(node)
      if (known !== undefined && known.state === 'held') return null
      const { now, ...what } = start
      const strikes = (known?.strikes ?? 0) + 1
      const until = now + durationOf(strikes)
      const quarantine: Quarantine = {
        ...what,
        until,
        strikes,
        begunAt: now,
        closedUntil: until,
        state: 'held',
      }
      held.set(node, quarantine)
      return quarantine
    },
    /** A message went out into a reopened range: no other until it has matured. */
    tried(node: number, at: number, maturityMs: number): void {
      const known = held.get(node)
      if (known?.state !== 'reopened') return
      known.state = 'trying'
      known.closedUntil = at + maturityMs
    },
    /** Quarantines that end now (told), and those long forgiven (forgotten). */
    expire(now: number): { ended: Quarantine[]; forgotten: number[] } {
      const ended: Quarantine[] = []
      const forgotten: number[] = []
      for (const [node, quarantine] of held) {
        if (quarantine.state === 'held' && now >= quarantine.until) {
          quarantine.state = 'reopened'
          quarantine.closedUntil = 0
          ended.push(quarantine)
        } else if (quarantine.state !== 'held' && now - quarantine.until > FORGIVE_MS) {
          held.delete(node)
          forgotten.push(node)
        }
      }
      return { ended, forgotten }
    },
    snapshot: (): QuarantinesSnapshot => structuredClone([...held]),
    restore(snapshot: QuarantinesSnapshot): void {
      held.clear()
      for (const [node, quarantine] of structuredClone(snapshot)) held.set(node, quarantine)
    },
  }
}

export const quarantineChange = (q: Quarantine): QuarantineChange => ({
  service: q.service,
  level: q.level,
  key: q.key,
  country: q.country,
  operatorRange: q.operatorRange,
  because: q.because,
  until: q.until,
  strikes: q.strikes,
})
