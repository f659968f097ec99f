import type { Change } from '../../engine/detect/change.js'
import { AUTOMATIC, type KeptMeasure } from '../playbook/kept-measure.js'
import type { MeasureEvent } from '../playbook/playbook.js'
import { targetLabel } from '../playbook/read-target.js'

/** Measures that hold for all services. */
const EVERY = 'all services'

/** Measures remembered per service; of more the first to end are forgotten. */
const MOST = 1_000

/** What was decided without anybody on call: quarantines of the detector, and the automatic playbook. */
export function createMeasures() {
  const byService = new Map<string, Map<string, { what: string; until: number }>>()

  function applied({
    service,
    id,
    what,
    until,
  }: {
    service: string
    id: string
    what: string
    until: number
  }) {
    const list = byService.get(service) ?? new Map<string, { what: string; until: number }>()
    byService.set(service, list)
    list.delete(id)
    list.set(id, { what, until })
    const [oldest] = list.keys()
    if (list.size > MOST && oldest !== undefined) list.delete(oldest)
  }

  return {
    /** @returns whether it was one of the automatic playbook */
    measured(event: MeasureEvent, measure: KeptMeasure): boolean {
      if (measure.by.id !== AUTOMATIC.id) return false
      const { id, target, action, until } = measure
      const service = target.service ?? EVERY
      if (event === 'applied' || event === 'extended')
        applied({ service, id, what: `${action} ${targetLabel(target)}`, until })
      else byService.get(service)?.delete(id)
      return true
    },
    changed(change: Change): void {
      if (change.type !== 'quarantine') return
      const { service, key, until } = change.quarantine
      if (change.event === 'begun')
        applied({ service, id: `range:${key}`, what: `${key}* refused`, until })
      else byService.get(service)?.delete(`range:${key}`)
    },
    inForce(now: number): ReadonlyMap<string, { what: string; until: number }[]> {
      for (const [service, list] of byService) {
        for (const [id, { until }] of list) if (until <= now) list.delete(id)
        if (list.size === 0) byService.delete(service)
      }
      return new Map([...byService].map(([service, list]) => [service, [...list.values()]]))
    },
  }
}
