import { ramp } from './ramp.js'
import type { Signal } from './signal.js'

/** Days over which a country stops being new. */
const NEW_DAYS = 14
/** Verified sends with which a new country has proven itself. */
const PROVEN = 20

/** A country this service has not sent to in the last 30 days. */
export const newCountry: Signal = {
  code: 'country.new',
  group: 'country',
  start: 1.5,
  why: 'Reported attacks went to one or few countries the service had no users in (Uzbekistan, Myanmar, Moldova). Launches begin alike, so what verifies takes it away.',
  says: 'days since sends to this country began',
  unit: 'days',
  read({ counters: { country } }, seen) {
    const days = country.firstSeenDays ?? 0
    const strength =
      ramp(-days, -NEW_DAYS, 0) * (1 - country.verifiedLong / (country.verifiedLong + PROVEN))
    if (strength === 0) return 0
    seen.observed = days
    return strength
  },
}

/** A country outside the markets the policy names. */
export const outsideMarkets: Signal = {
  code: 'country.outside_markets',
  group: 'country',
  start: 1,
  why: 'Who runs the service said where its users are; travellers and emigrants remain.',
  says: 'the number is outside the markets of this service',
  unit: null,
  read: ({ inMarket }) => (inMarket ? 0 : 1),
}
