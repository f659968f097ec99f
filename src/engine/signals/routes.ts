import { DAY } from '../units.js'

/** A pair that stopped earning is forgotten over months: people travel by season. */
const HALF_LIFE_MS = 30 * DAY
/** Losses a pair is taken to have had before any was seen: ten verified sends make a pair half usual. */
const PRIOR_LOSSES = 6

/** Conversion of a pair, shrunk to nothing: a route has to be earned. */
export const shrunkRoute = (verified: number, lost: number): number =>
  verified / (verified + lost + PRIOR_LOSSES)

interface Route {
  verified: number
  lost: number
  at: number
}

export interface RoutesOptions {
  /** pairs remembered at most; the one with the least left of its verifications is forgotten. @default 4096 */
  capacity?: number
}

/** Pairs of IP country and number country that verify: travellers, emigrants, border towns. */
export function createRoutes({ capacity = 4_096 }: RoutesOptions = {}) {
  const routes = new Map<string, Route>()
  const answer = { verified: 0, lost: 0 }

  const left = (route: Route, at: number): number =>
    0.5 ** (Math.max(0, at - route.at) / HALF_LIFE_MS)

  function forgetLeast(at: number): void {
    let least: string | null = null
    let smallest = Number.POSITIVE_INFINITY
    for (const [key, route] of routes) {
      const worth = route.verified * left(route, at)
      if (worth < smallest) {
        smallest = worth
        least = key
      }
    }
    if (least !== null) routes.delete(least)
  }

  return {
    /** A send matured. Losses of a pair that never verified are not kept: it has no trust to lose. */
    observe(
      ipCountry: string,
      numberCountry: string,
      outcome: 'verified' | 'lost',
      at: number,
    ): void {
      if (ipCountry === numberCountry) return
      const key = `${ipCountry}>${numberCountry}`
      let route = routes.get(key)
      if (route === undefined) {
        if (outcome === 'lost') return
        if (routes.size >= capacity) forgetLeast(at)
        route = { verified: 0, lost: 0, at }
        routes.set(key, route)
      }
      const decay = left(route, at)
      route.verified *= decay
      route.lost *= decay
      route.at = Math.max(route.at, at)
      route[outcome]++
    },

    /** What the pair earned, decayed to `at`; valid until the next call. `null` for a pair that never verified. */
    read(ipCountry: string, numberCountry: string, at: number): Readonly<typeof answer> | null {
      if (ipCountry === numberCountry) return null
      const route = routes.get(`${ipCountry}>${numberCountry}`)
      if (route === undefined) return null
      const decay = left(route, at)
      answer.verified = route.verified * decay
      answer.lost = route.lost * decay
      return answer
    },

    size: (): number => routes.size,
    snapshot: (): [string, Route][] => [...routes].map(([key, route]) => [key, { ...route }]),
    restore(snapshot: [string, Route][]): void {
      routes.clear()
      for (const [key, route] of snapshot) routes.set(key, { ...route })
    },
  }
}

export type Routes = ReturnType<typeof createRoutes>
