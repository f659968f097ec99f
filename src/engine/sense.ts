import type { Facing } from './detect/detector.js'
import type { Weighed } from './signals/weigh.js'

/** What knowledge and detector say of one request, besides its lines. */
export interface Sense {
  weighed: Weighed
  /** the score is calibrated on enough of the service's own outcomes to close lines by; before, it only asks */
  learned: boolean
  facing: Facing
}

/** Nothing is known of a request but its lines. */
export const NO_SENSE: Sense = Object.freeze({
  weighed: Object.freeze({ score: 0, p: 0, raw: 0, evidence: [], present: [] }),
  learned: false,
  facing: Object.freeze({
    quarantinedUntil: 0,
    evidence: 0,
    tightened: 0,
    surprise: 0,
    outage: false,
    incidentId: null,
    elevated: false,
  }),
})
