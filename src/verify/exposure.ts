import { type CompiledService, SUBJECT_INDEX } from '../engine/compile.js'
import { NO_THROTTLES } from '../engine/measures.js'
import type { Norms } from '../engine/norms.js'
import { SUBJECTS } from '../engine/policy.js'
import type { Readings } from '../engine/readings.js'
import type { Query } from '../engine/state.js'
import { type Standing, standingOf } from './range-lines.js'

/** How the line of a whole service stands: every send of it is on it, so its debt is what is at risk. Micro-USD. */
export interface Exposure extends Standing {
  service: string
  /** what real users verify in a usual hour: credit that an attacker can ride, so part of the bound */
  verifiedHourlyMicroUsd: number
}

/** What is asked of the store: the line of the service alone. */
export function serviceQuery(name: string, service: CompiledService): Query {
  const keys = new Array<string>(SUBJECTS.length).fill('')
  keys[SUBJECT_INDEX.service] = name
  return {
    service: name,
    layout: service.layout,
    keys,
    country: '',
    subscriber: -1,
    sources: ['', ''],
    throttles: NO_THROTTLES,
  }
}

export const exposureOf = (service: string, readings: Readings, norms: Norms): Exposure => ({
  service,
  ...standingOf(readings, 'service'),
  verifiedHourlyMicroUsd: norms.serviceHourlyMicroUsd,
})
