import type { TrafficRow } from '../../traffic.js'
import type { Seen } from '../actor.js'
import type { Range } from './ranges.js'

/** What an attacker does about what he sees of the answers. Counts are refusals in a row. */
export interface Adapts {
  /** what counts against him: nothing came at all, or a challenge he did not get past as well @default refused */
  minds?: 'refused' | 'not-sent'
  /** leaves a block after so many */
  block?: number
  /** leaves a country after so many */
  country?: number
  /** leaves an address after so many */
  address?: number
  /** when no range is left: goes home, or begins again with the first @default stops */
  whenSpent?: 'stops' | 'starts-over'
  /** lies low for a while after so many, wherever they were: tries other hours */
  rests?: { after: number; forMs: number }
  /** looks for the rate that pays best */
  climbs?: Climb
}

/** Hill climbing on what a stretch of time earned: on in the same direction while it earns more, back when it earns less. */
export interface Climb {
  everyMs: number
  /** one step: the rate times or by this, above 1 */
  step: number
  /** bounds of the rate, in multiples of the planned one */
  least: number
  most: number
}

/** What can be given up. */
interface Destinations {
  live(): readonly Range[]
  giveUp(gone: (range: Range) => boolean): void
  startOver(): void
}

interface Sources {
  abandon(ip: string): void
}

/** The multiple of the planned rate to ask at. */
function createClimber(climb: Climb, from: number) {
  let speed = 1
  let upwards = true
  let earned = 0
  let earnedBefore = 0
  let until = from + climb.everyMs

  return {
    speed: (): number => speed,
    earn(at: number, microUsd: number): void {
      if (at >= until) {
        if (earned < earnedBefore) upwards = !upwards
        const next = upwards ? speed * climb.step : speed / climb.step
        speed = Math.min(climb.most, Math.max(climb.least, next))
        earnedBefore = earned
        earned = 0
        until = at + climb.everyMs
      }
      earned += microUsd
    },
  }
}

/** Closed loop: learns from each answer before the next request is made. */
export function createAdaptation(
  data: Adapts,
  from: number,
  destinations: Destinations,
  sources: Sources,
) {
  const climber = data.climbs === undefined ? null : createClimber(data.climbs, from)
  const inARow = new Map<string, number>()
  let over = false
  let restsUntil = Number.NEGATIVE_INFINITY

  /** @returns that patience with the key has run out; it begins anew */
  function spent(key: string, wrong: boolean, limit: number | undefined): boolean {
    if (limit === undefined) return false
    const n = wrong ? (inARow.get(key) ?? 0) + 1 : 0
    if (n === 0 || n >= limit) inARow.delete(key)
    else inARow.set(key, n)
    return n >= limit
  }

  return {
    speed: (): number => climber?.speed() ?? 1,
    over: (): boolean => over,
    /** Unix ms */
    restsUntil: (): number => restsUntil,

    told(row: TrafficRow, range: Range, seen: Seen): void {
      const wrong = seen === 'refused' || (data.minds === 'not-sent' && seen === 'challenged')
      climber?.earn(row.at, seen === 'sent' ? (row.priceMicroUsd ?? 0) : 0)
      if (spent(`block ${range.country}${range.block}`, wrong, data.block))
        destinations.giveUp((other) => other === range)
      if (spent(`country ${range.country}`, wrong, data.country))
        destinations.giveUp((other) => other.country === range.country)
      if (row.ip !== null && spent(`address ${row.ip}`, wrong, data.address))
        sources.abandon(row.ip)
      if (data.rests !== undefined && spent('all', wrong, data.rests.after))
        restsUntil = row.at + data.rests.forMs
      if (destinations.live().length > 0) return
      if (data.whenSpent === 'starts-over') destinations.startOver()
      else over = true
    },
  }
}
