import type { Solves } from '../actors/attack/potential.js'
import type { Target } from '../actors/attack/ranges.js'
import type { Sources } from '../actors/attack/sources.js'

/** What the attacks have in common. */

/** A script that calls the endpoint: runs no page, so passes no challenge. */
export const SCRIPT: Solves = { pow: 0, captcha: 0, channel: 0 }
/** A driven browser: works where it is asked to work, and gets past some CAPTCHAs. */
export const BROWSER: Solves = { pow: 1, captcha: 0.1, channel: 0 }
/** A driven browser with people who are paid by the solved CAPTCHA behind it. */
export const SOLVING_SERVICE: Solves = { pow: 1, captcha: 1, channel: 0 }

/** Strangers' lines at home in the number's own country, a new one and a new device for nearly every request. */
export const LOCAL_PROXIES: Sources = {
  addresses: { access: 'residential', count: null, from: 'number' },
  devices: 'fresh',
  visit: 'faked',
}

/** Countries in which proxy networks have most lines to sell. */
const PROXY_COUNTRIES = ['US', 'BR', 'IN', 'ID', 'PH', 'VN', 'TR', 'MX', 'GB', 'DE'] as const

/** Strangers' lines anywhere. */
export const WORLD_PROXIES: Sources = {
  addresses: { access: 'residential', count: null, from: PROXY_COUNTRIES },
  devices: 'fresh',
  visit: 'direct',
}

/** Blocks of so many operators of a country (the same one may come twice), so many of each. */
export const blocksOf = (country: string, operators: number, each: number): Target[] =>
  Array.from({ length: operators }, () => ({ kind: 'blocks', country, count: each }))

/** A few rented servers and a script that does not hide. */
export const servers = (count: number, from: readonly string[] = ['NL', 'DE', 'US']): Sources => ({
  addresses: { access: 'hosting', count, from },
  automation: 1,
})
