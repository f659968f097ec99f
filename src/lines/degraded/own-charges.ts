import { LINES } from '../../engine/policy.js'
import type { Query, Settlement } from '../../engine/state.js'

const NUMBER = LINES.indexOf('number')

/**
 * Charges that this gateway made on its own lines. Settlements of all others pass them by: each gateway's lines then
 * hold its own part of the traffic with what became of it, and stand for the whole.
 */
export class OwnCharges {
  /** number in a service, and when it was charged or counted as lost */
  readonly #known = new Set<string>()
  #queries: Query[] = []

  /** @param capacity charges kept; what came of more stays in flight on the own lines */
  constructor(readonly capacity: number) {}

  add(query: Query, at: number): void {
    if (this.#queries.length >= this.capacity) return
    this.#queries.push(query)
    this.#known.add(place(query.service, query.keys[NUMBER] ?? '', at))
  }

  /** Whether a settlement is of one of them; it is expected once, and once more when what was lost is verified. */
  settles({ service, moves }: Settlement, now: number): boolean {
    const number = moves.find(({ line }) => line === 'number')
    if (number === undefined || !this.#known.delete(place(service, number.key, number.since)))
      return false
    if (number.lost > 0) this.#known.add(place(service, number.key, now))
    return true
  }

  /** Ends them: what was charged, for its lines to be brought to rest. */
  take(): Query[] {
    const queries = this.#queries
    this.#queries = []
    this.#known.clear()
    return queries
  }
}

const place = (service: string, numberKey: string, at: number): string =>
  `${service}|${numberKey}|${at}`
