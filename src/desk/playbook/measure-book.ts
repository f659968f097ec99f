import { collection, type Kept } from '../../ledger/collection.js'
import type { ConsoleStore } from '../../ledger/console-port.js'
import { IN_FORCE, type KeptMeasure, type MeasureEnd, type Orderer, PAST } from './kept-measure.js'

/** Measures in force at once. More is no emergency but a policy. */
export const MAX_IN_FORCE = 500

/** The measures as documents: those in force, and what became of the others. */
export function createMeasureBook(ledger: ConsoleStore) {
  const kept = collection<KeptMeasure>(ledger, 'measure')

  async function put(measure: KeptMeasure, expected?: number): Promise<boolean> {
    const parent = measure.endedAt === null ? IN_FORCE : PAST
    return kept.put({ id: measure.id, at: measure.startedAt, value: measure, parent }, expected)
  }

  return {
    add: (measure: KeptMeasure) => put(measure, 0),
    async get(id: string): Promise<KeptMeasure | null> {
      return (await kept.get(id))?.value ?? null
    },
    async inForce(): Promise<KeptMeasure[]> {
      const found = await kept.list({ parent: IN_FORCE, limit: MAX_IN_FORCE })
      return found.map(({ value }) => value)
    },
    async past(limit: number, before?: { at: number; id: string }): Promise<KeptMeasure[]> {
      const paging = before === undefined ? {} : { before }
      const found: Kept<KeptMeasure>[] = await kept.list({ parent: PAST, limit, ...paging })
      return found.map(({ value }) => value)
    },
    /** Changes one in force. @returns `null` when it has ended meanwhile, or there is none */
    async change(
      id: string,
      change: (measure: KeptMeasure) => KeptMeasure,
    ): Promise<KeptMeasure | null> {
      for (;;) {
        const found = await kept.get(id)
        if (found === null || found.value.endedAt !== null) return null
        const next = change(found.value)
        if (await put(next, found.version)) return next
      }
    },
  }
}

export const ended = (
  measure: KeptMeasure,
  as: MeasureEnd,
  by: Orderer | null,
  at: number,
): KeptMeasure => ({ ...measure, endedAt: at, endedAs: as, endedBy: by })
