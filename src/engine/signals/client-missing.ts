import type { Signal } from './signal.js'

/** The request carries less about its client than a browser or an app would. */
export const clientMissing: Signal = {
  code: 'client.missing',
  group: 'client',
  start: 0.8,
  why: 'A client under a script sends what is required. A service that never passes these on learns the weight away.',
  says: 'of device, session, user agent and activity missing',
  unit: 'share',
  read({ facts: { context } }, seen) {
    const missing =
      (context.deviceId === null ? 1 : 0) +
      (context.sessionId === null ? 1 : 0) +
      (context.userAgent === null ? 1 : 0) +
      (context.sessionAgeMs === null && context.precedingEvents === null ? 1 : 0)
    if (missing < 2) return 0
    seen.observed = missing / 4
    return missing / 4
  },
}
