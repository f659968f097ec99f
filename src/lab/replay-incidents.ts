import type { Change, Incident } from '../engine/detect/change.js'

/** Incidents kept; of more the oldest are forgotten. */
const MOST = 1_000

/** Keeps each incident as it was last reported. */
export function createIncidentList() {
  const byId = new Map<string, Incident>()
  return {
    note(change: Change): void {
      if (change.type !== 'incident') return
      // an incident goes on changing: what is kept is what was so now
      byId.set(change.incident.id, structuredClone(change.incident))
      if (byId.size <= MOST) return
      for (const id of byId.keys()) {
        byId.delete(id)
        return
      }
    },
    /** In order of their opening. */
    all: (): Incident[] => [...byId.values()].sort((a, b) => a.openedAt - b.openedAt),
  }
}
