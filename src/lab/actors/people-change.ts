/** Something that happens to a platform's people, between two times after midnight UTC of the day it falls on, ms. */
export type Change = { startMs: number; durationMs: number; countries?: readonly string[] } & (
  | { kind: 'surge'; factor: number }
  /** Messages do not arrive. `receipts`: share of them whose failure is reported. */
  | { kind: 'outage'; receipts: number }
  /** Messages take so many times as long, and people with them. */
  | { kind: 'slow'; factor: number }
  /** The platform's reports of entered codes are held back, and come all at once at the end. */
  | { kind: 'held-reports' }
  | { kind: 'price'; factor: number }
  /** The client asks so many times in a row. */
  | { kind: 'repeats'; sends: number; gapMs: number }
)

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>

/** Which changes are in force. @param dayStart what their times count from, Unix ms */
export function createChanges(changes: readonly Change[], dayStart: number) {
  const within = (change: Change, at: number, country: string): boolean => {
    const since = at - dayStart - change.startMs
    if (since < 0 || since >= change.durationMs) return false
    return change.countries === undefined || change.countries.includes(country)
  }
  const product = (kind: 'surge' | 'price', at: number, country: string): number => {
    let factor = 1
    for (const change of changes)
      if (change.kind === kind && within(change, at, country)) factor *= change.factor
    return factor
  }
  return {
    surge: (at: number, country: string): number => product('surge', at, country),
    price: (at: number, country: string): number => product('price', at, country),
    find: <K extends Exclude<Change['kind'], 'surge' | 'price'>>(
      kind: K,
      at: number,
      country: string,
    ): Of<K> | undefined =>
      changes.find(
        (change): change is Of<K> => change.kind === kind && within(change, at, country),
      ),
    /** Unix ms */
    endOf: (change: Change): number => dayStart + change.startMs + change.durationMs,
  }
}

export type Changes = ReturnType<typeof createChanges>
