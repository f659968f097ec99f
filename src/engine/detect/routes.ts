/** What a route (service and country) usually does: volume, breadth over blocks, time to verify, spread between blocks. */
import { decay } from '../line.js'
import { DAY, HOUR, MINUTE } from '../units.js'
import { createDelays, type Delays } from './delays.js'
import { createHealth, type Health } from './health.js'
import { createSpread, type Spread } from './spread.js'
import { LONG_HALF_LIFE_MS, RECENT_HALF_LIFE_MS, RECENT_WINDOW_MS } from './surprise.js'

const HOURS = 24
/** Weight of the newest day in the usual hour. */
const NEWEST = 0.3
const LONG_WINDOW_MS = LONG_HALF_LIFE_MS / Math.LN2
/** A usual volume is at least this, or one person more than none would be a multiple. */
const FEW = 3

export interface Route {
  service: string
  country: string
  firstAt: number
  at: number
  /** decayed counts: requests and blocks of the last weeks, requests of the last minutes, and those into quiet blocks */
  long: number
  blocks: number
  recent: number
  breadth: number
  /** requests in the hour of day, smoothed over days; the running hour */
  usualHours: number[]
  hour: number
  inHour: number
  delays: Delays
  spread: Spread
  health: Health
}

export const createRoute = (service: string, country: string, at: number): Route => ({
  service,
  country,
  firstAt: at,
  at,
  long: 0,
  blocks: 0,
  recent: 0,
  breadth: 0,
  usualHours: new Array<number>(HOURS).fill(-1),
  hour: Math.floor(at / HOUR),
  inHour: 0,
  delays: createDelays(),
  spread: createSpread(),
  health: createHealth(),
})

function advance(route: Route, at: number): void {
  const hour = Math.floor(at / HOUR)
  for (let h = Math.max(route.hour, hour - HOURS); h < hour; h++) {
    const counted = h === route.hour ? route.inHour : 0
    const known = route.usualHours[h % HOURS] as number
    // the first hour began in its middle; an outage's hours are nobody's usual
    if (h * HOUR < route.firstAt || route.health.since > 0) continue
    route.usualHours[h % HOURS] = known < 0 ? counted : known + NEWEST * (counted - known)
  }
  if (hour > route.hour) {
    route.hour = hour
    route.inHour = 0
  }
}

/**
 * A first send or a refused request.
 * @param gapMs since the last request in its block, Infinity for a new one
 * @param quiet the block had no other request lately
 */
export function countRequest(route: Route, at: number, gapMs: number, quiet: boolean): void {
  advance(route, at)
  const age = at - route.at
  const short = decay(age, RECENT_HALF_LIFE_MS)
  const long = decay(age, LONG_HALF_LIFE_MS)
  route.recent = route.recent * short + 1
  route.breadth = route.breadth * short + (quiet ? 1 : 0)
  route.long = route.long * long + 1
  // a decayed distinct count: a block that comes back after a gap brings what was forgotten of it
  route.blocks = route.blocks * long + 1 - decay(gapMs, LONG_HALF_LIFE_MS)
  route.at = Math.max(route.at, at)
  route.inHour++
}

/** Usual requests of the route per ms. */
export const requestRate = (route: Route, now: number): number => {
  const watched =
    LONG_WINDOW_MS * (1 - decay(Math.max(MINUTE, now - route.firstAt), LONG_HALF_LIFE_MS))
  return (route.long * decay(now - route.at, LONG_HALF_LIFE_MS)) / watched
}

/** Usual requests per ms of one of its blocks. */
export const blockRate = (route: Route, now: number): number =>
  requestRate(route, now) / Math.max(1, route.blocks * decay(now - route.at, LONG_HALF_LIFE_MS))

/** Usual requests in ten minutes at this hour of the day. */
function usualRecent(route: Route, now: number): number {
  const hourly = route.usualHours[Math.floor(now / HOUR) % HOURS] as number
  const mean = requestRate(route, now) * RECENT_WINDOW_MS
  return Math.max(
    FEW,
    hourly < 0 || now - route.firstAt < DAY ? mean : (hourly / HOUR) * RECENT_WINDOW_MS,
  )
}

/** Requests now over what is usual at this hour. */
export const volumeOf = (route: Route, now: number): number =>
  (route.recent * decay(now - route.at, RECENT_HALF_LIFE_MS)) / usualRecent(route, now)

/** Times its usual breadth over blocks, at least 1: a flash crowd is broad, an attack on some blocks is not. */
export const surgeOf = (route: Route, now: number): number =>
  Math.max(
    1,
    (route.breadth * decay(now - route.at, RECENT_HALF_LIFE_MS)) / usualRecent(route, now),
  )

export type RouteSnapshot = Omit<Route, 'delays'> & { usual: number[]; recentDelays: number[] }

export function plainRoute({ delays, ...rest }: Route): RouteSnapshot {
  return {
    ...structuredClone(rest),
    usual: Array.from(delays.usual),
    recentDelays: Array.from(delays.recent),
  }
}

export function routeFrom({ usual, recentDelays, ...rest }: RouteSnapshot): Route {
  return {
    ...structuredClone(rest),
    delays: { usual: Float64Array.from(usual), recent: Float64Array.from(recentDelays) },
  }
}
