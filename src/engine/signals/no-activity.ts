import { SECOND } from '../units.js'
import { ramp } from './ramp.js'
import type { Signal } from './signal.js'

/** A form is not read and filled in under two seconds; ten are no haste. */
const HASTE_TO = 2 * SECOND
const HASTE_FROM = 10 * SECOND

/** The request is the first thing its session ever did. */
export const noActivity: Signal = {
  code: 'client.no_activity',
  group: 'client',
  start: 1.5,
  why: 'Bots post to the form without reading the page; deep links and apps that keep no session do it too.',
  says: 'the session did nothing before it asked for a code',
  unit: null,
  read({ facts: { context } }) {
    const { precedingEvents, sessionAgeMs } = context
    if (precedingEvents !== null && precedingEvents > 0) return 0
    if (sessionAgeMs !== null) {
      const haste = ramp(-sessionAgeMs, -HASTE_FROM, -HASTE_TO)
      // an old session with no event at all is still odd, half as much as a new one
      return precedingEvents === 0 ? 0.5 + 0.5 * haste : haste
    }
    return precedingEvents === 0 ? 1 : 0
  },
}
