import { shrunkRoute } from './routes.js'
import type { Signal } from './signal.js'

/** The address is in another country than the number, and the pair has not earned its way. */
export const ipCountry: Signal = {
  code: 'ip.other_country',
  group: 'network',
  start: 1.2,
  why: 'Reported attacks asked for numbers of one country from addresses of another; travellers and emigrants do so every day, and their pairs of countries verify.',
  says: 'of the sends between these two countries verified; the address is in another country than the number',
  unit: 'share',
  read({ facts, route, p }, seen) {
    const from = facts.source.country
    if (from === null || facts.number.country === '' || from === facts.number.country) return 0
    const verified = route?.verified ?? 0
    const lost = route?.lost ?? 0
    const strength = 1 - Math.min(1, shrunkRoute(verified, lost) / p)
    if (strength === 0) return 0
    if (verified + lost > 0) {
      seen.observed = verified / (verified + lost)
      seen.expected = p
    }
    return strength
  },
}
