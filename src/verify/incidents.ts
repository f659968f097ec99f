import type { Change, Incident } from '../engine/detect/change.js'
import { SECOND } from '../engine/units.js'
import type { Life, Watch } from './context.js'
import type { Core } from './core.js'

/** Time between two background passes of the detector, ms. */
export const PASS_MS = 5 * SECOND
/** Closed incidents kept at hand; all of them are in the ledger. */
const CLOSED = 100

export const createWatch = ({
  changed = () => undefined,
  known = () => null,
}: Partial<Pick<Watch, 'changed' | 'known'>> = {}): Watch => ({
  passedAt: 0,
  closed: [],
  changed,
  known,
})

/**
 * The background pass: incidents are recorded as actions of the detector, beside those of the operators. Every gateway
 * of a cluster passes, for its decisions depend on it; one of them records and tells.
 */
export function watch({ core, ledger, clock, leads, watch: state }: Life): void {
  const now = clock()
  if (now - state.passedAt < PASS_MS && now >= state.passedAt) return
  state.passedAt = now
  const ids = new Map<string, string>()
  for (const passed of core.pass(now)) {
    const change = adopted(passed, core, state, ids)
    if (change.type === 'incident' && change.event === 'closed')
      state.closed = [change.incident, ...state.closed].slice(0, CLOSED)
    if (!leads()) continue
    state.changed(change)
    if (change.type !== 'incident' || change.event === 'updated') continue
    const { event, incident } = change
    ledger.append([
      {
        table: 'actions',
        row: {
          at: now,
          actor: 'detector',
          action: `incident.${event}`,
          target: incident.id,
          detail: { ...incident },
        },
      },
    ])
  }
}

/**
 * An incident that is kept already goes on under its id and is not opened a second time.
 * @param ids new ids of this pass, by the old ones: it may have reported more of the same incident
 */
function adopted(change: Change, core: Core, { known }: Watch, ids: Map<string, string>): Change {
  if (change.type !== 'incident') return change
  const { incident, event } = change
  const id = ids.get(incident.id) ?? (event === 'opened' ? known(incident) : null)
  if (id === null || (!ids.has(incident.id) && !core.detector.rename(incident.id, id)))
    return change
  ids.set(incident.id, id)
  return {
    ...change,
    event: event === 'opened' ? 'updated' : event,
    incident: { ...incident, id },
  }
}

/** Open ones, strongest first by money, then the last that closed. */
export const incidentsOf = ({ core, watch: { closed } }: Life): Incident[] => [
  ...core.detector.incidents().sort((a, b) => b.lostMicroUsd - a.lostMicroUsd),
  ...closed,
]
