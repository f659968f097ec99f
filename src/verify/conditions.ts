/** One thing that a gateway depends on, and how it is. */
export interface Dependency {
  /** `lines`, `ledger`, `clock` or `load`; providers have their own places */
  name: string
  /** `degraded`: it works, not as it should; `lost`: what needs it is refused */
  state: 'ok' | 'degraded' | 'lost'
  /** when it left `ok`, Unix ms; `null` while it is, or where nobody knows */
  since: number | null
  /** what that means, one sentence for people; empty while it is `ok` */
  says: string
  /** for metrics, e.g. how much waits for it */
  figures: Readonly<Record<string, number>>
}

/** How everything is that a gateway depends on. Readiness, metrics, alerts and the console read it here. */
export interface Conditions {
  all(): Dependency[]
  /** those that are not `ok` */
  trouble(): Dependency[]
  /** Adds what can tell of itself. */
  add(source: () => Dependency | readonly Dependency[]): void
}

export function createConditions(): Conditions {
  const sources: (() => Dependency | readonly Dependency[])[] = []
  const all = (): Dependency[] => sources.flatMap((source) => source())
  return {
    all,
    trouble: () => all().filter(({ state }) => state !== 'ok'),
    add: (source) => {
      sources.push(source)
    },
  }
}
