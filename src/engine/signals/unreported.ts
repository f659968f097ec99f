import { DAY } from '../units.js'

/** So many matured sends without one outcome, and nobody is reporting. */
export const SENDS_WITHOUT_OUTCOME = 200
/** A service that reported once is believed to report for this long: an attack brings no outcomes either. */
const REPORTING_FOR_MS = 30 * DAY

interface ServiceState {
  sends: number
  reportedAt: number | null
}

/**
 * Notices services that never say how a code ended. Their destination lines must run on volume against the baseline:
 * by conversion, all of their traffic would look pumped. One entry per configured service, so bounded by the policy.
 */
export function createReporting() {
  const services = new Map<string, ServiceState>()
  const stateOf = (service: string): ServiceState => {
    let state = services.get(service)
    if (state === undefined) {
      state = { sends: 0, reportedAt: null }
      services.set(service, state)
    }
    return state
  }

  return {
    /** The first send of a session matured without an outcome. */
    matured(service: string): void {
      stateOf(service).sends++
    },

    /** A code was checked, right or wrong, or a label came: somebody reports. */
    reported(service: string, at: number): void {
      const state = stateOf(service)
      state.sends = 0
      state.reportedAt = Math.max(state.reportedAt ?? at, at)
    },

    /** The service sends codes and does not say what becomes of them. */
    unreported(service: string, now: number): boolean {
      const state = services.get(service)
      if (state === undefined || state.sends < SENDS_WITHOUT_OUTCOME) return false
      return state.reportedAt === null || now - state.reportedAt > REPORTING_FOR_MS
    },

    snapshot: (): [string, ServiceState][] => [...services].map(([s, state]) => [s, { ...state }]),
    restore(snapshot: [string, ServiceState][]): void {
      services.clear()
      for (const [service, state] of snapshot) services.set(service, { ...state })
    },
  }
}
