import { SECOND } from '../engine/units.js'
import type { Conditions, Dependency } from '../verify/conditions.js'
import type { UpkeepJob } from '../verify/upkeep.js'

/** The load comes and goes with every peak and has its metric; the others say themselves what has happened. */
const NOT_TOLD: ReadonlySet<string> = new Set(['load', 'clock', 'gateways'])

/** Whoever reads the log sees from when to when a store was in trouble, and what that meant, beside what failed meanwhile. */
export function logConditions(
  conditions: Pick<Conditions, 'all'>,
  log: Record<'warn' | 'info', (what: object, text: string) => void>,
  clock: () => number,
): UpkeepJob {
  const before = new Map<string, { state: Dependency['state']; at: number }>()
  return {
    everyMs: SECOND,
    async run() {
      for (const { name: dependency, state, since, says } of conditions.all()) {
        const { state: was = 'ok', at = since ?? clock() } = before.get(dependency) ?? {}
        if (NOT_TOLD.has(dependency) || state === was) continue
        if (state === 'ok') before.delete(dependency)
        else before.set(dependency, { state, at })
        const what = { dependency, state }
        if (state === 'ok')
          log.info({ ...what, forMs: clock() - at }, `${dependency} is well again`)
        else log.warn(what, says)
      }
    },
  }
}
