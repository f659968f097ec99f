import type { Incident } from '../engine/detect/change.js'
import { SECOND } from '../engine/units.js'
import type { Life, Watch } from './context.js'

/** Time between two background passes of the detector, ms. */
const PASS_MS = 5 * SECOND
/** Closed incidents kept at hand; all of them are in the ledger. */
const CLOSED = 100

export const createWatch = (changed: Watch['changed'] = () => undefined): Watch => ({
  passedAt: 0,
  closed: [],
  changed,
})

/** The background pass: incidents are recorded as actions of the detector, beside those of the operators. */
export function watch({ core, ledger, clock, watch: state }: Life): void {
  const now = clock()
  if (now - state.passedAt < PASS_MS && now >= state.passedAt) return
  state.passedAt = now
  for (const change of core.pass(now)) {
    state.changed(change)
    if (change.type !== 'incident' || change.event === 'updated') continue
    const { event, incident } = change
    if (event === 'closed') state.closed = [incident, ...state.closed].slice(0, CLOSED)
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

/** Open ones, strongest first by money, then the last that closed. */
export const incidentsOf = ({ core, watch: { closed } }: Life): Incident[] => [
  ...core.detector.incidents().sort((a, b) => b.lostMicroUsd - a.lostMicroUsd),
  ...closed,
]
