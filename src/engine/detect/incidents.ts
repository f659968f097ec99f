/** Life of incidents: opened, joined, contained, closed; what they cost and saved. */
import { decay } from '../line.js'
import { HOUR, MINUTE } from '../units.js'
import type { Incident, NamedRange, NamedSource } from './change.js'

/** Ranges that begin within this time in one country are one attack, as is what begins while it still runs there. */
const TOGETHER_MS = 10 * MINUTE
const RUNNING_MS = 30 * MINUTE
/** A source that carries so much of both, so much more than elsewhere, joins attacks in different countries. */
const LEAD_SHARE = 0.2
const LEAD_LIFT = 5
const QUIET_MS = HOUR
/** Minutes over which the money rate is measured. A decaying one would remember a flood for two hours. */
const RATE_MINUTES = 10
const RATE_WINDOW_MS = RATE_MINUTES * MINUTE
const HOSTILE_HALF_LIFE_MS = 10 * MINUTE
/** Contained: money rate under twice the usual; a message in flight is nobody's rate. */
const TIMES_USUAL = 2
/** Requests in ten minutes that are more than one person asking again. */
const HOSTILE = 2
/** Sources and figures of a running incident are told so often. */
const TELL_MS = MINUTE

export interface OpenIncident {
  incident: Incident
  /** nodes of its ranges */
  nodes: number[]
  /** unverified spend in each of the last minutes, the newest of them, and one message's price */
  rate: { minutes: number[]; newest: number; unit: number }
  hostile: { count: number; at: number; last: number }
  changed: boolean
  toldAt: number
  /** when its sources were counted, Unix ms */
  sourcesAt: number
}

export type IncidentsSnapshot = { open: OpenIncident[]; count: number }

export interface Group {
  service: string
  country: string
  onset: number
  sources: () => NamedSource[]
}

const leads = (sources: readonly NamedSource[]): Set<string> =>
  new Set(
    sources
      .filter((s) => s.share >= LEAD_SHARE && s.lift >= LEAD_LIFT)
      .map((s) => `${s.kind}|${s.key}`),
  )

export function createIncidents() {
  let open: OpenIncident[] = []
  let count = 0

  /** The open attack that a new range belongs to. */
  function joinable(group: Group): OpenIncident | undefined {
    const attacks = open.filter(
      ({ incident }) => incident.kind === 'attack' && incident.service === group.service,
    )
    const near = attacks.find(({ incident, hostile }) => {
      const apart = group.onset - incident.firstSendAt
      return (
        incident.countries.includes(group.country) &&
        (Math.abs(apart) <= TOGETHER_MS || group.onset - hostile.last <= RUNNING_MS)
      )
    })
    if (near !== undefined || attacks.length === 0) return near
    const wanted = leads(group.sources())
    return attacks.find(({ incident }) => [...leads(incident.sources)].some((l) => wanted.has(l)))
  }

  function begin(
    what: Pick<Incident, 'kind' | 'service' | 'countries' | 'firstSendAt'>,
    now: number,
  ): OpenIncident {
    const opened: OpenIncident = {
      incident: {
        id: `inc_${Math.floor(now / 1000).toString(36)}_${++count}`,
        ...what,
        state: 'open',
        ranges: [],
        sources: [],
        openedAt: now,
        containedAt: null,
        closedAt: null,
        closedAs: null,
        lostMicroUsd: 0,
        savedMicroUsd: 0,
        refusedNumbers: 0,
        falsePositives: 0,
      },
      nodes: [],
      rate: { minutes: new Array<number>(RATE_MINUTES).fill(0), newest: 0, unit: 0 },
      hostile: { count: 0, at: now, last: now },
      changed: false,
      toldAt: now,
      sourcesAt: now,
    }
    open.push(opened)
    return opened
  }

  return {
    all: (): readonly OpenIncident[] => open,
    byId: (id: string): OpenIncident | undefined => open.find((o) => o.incident.id === id),
    joinable,
    begin,
    remove(closed: OpenIncident): void {
      open = open.filter((o) => o !== closed)
    },
    snapshot: (): IncidentsSnapshot => structuredClone({ open, count }),
    restore(snapshot: IncidentsSnapshot): void {
      const copy = structuredClone(snapshot)
      open = copy.open
      count = copy.count
    },
  }
}

/** Money goes into its ranges (or, verified, was no loss: a negative price). */
export function spend({ rate }: OpenIncident, priceMicroUsd: number, sentAt: number): void {
  const minute = Math.floor(sentAt / MINUTE)
  advance(rate, minute)
  rate.unit = Math.max(rate.unit, Math.abs(priceMicroUsd))
  if (minute <= rate.newest - RATE_MINUTES) return
  const slot = minute % RATE_MINUTES
  rate.minutes[slot] = Math.max(0, (rate.minutes[slot] ?? 0) + priceMicroUsd)
}

function advance(rate: OpenIncident['rate'], minute: number): void {
  for (let m = Math.max(rate.newest + 1, minute - RATE_MINUTES + 1); m <= minute; m++)
    rate.minutes[m % RATE_MINUTES] = 0
  rate.newest = Math.max(rate.newest, minute)
}

/** A refused request, or a send nobody verified: a second within minutes shows that it goes on. */
export function beHostile(o: OpenIncident, at: number): void {
  o.hostile.count = o.hostile.count * decay(at - o.hostile.at, HOSTILE_HALF_LIFE_MS) + 1
  o.hostile.at = Math.max(o.hostile.at, at)
  if (o.hostile.count >= HOSTILE) o.hostile.last = Math.max(o.hostile.last, at)
}

/** Unverified spend, less what the verified sends bring along at their usual conversion. @param p that conversion */
export const lostOf = (lostMicroUsd: number, earnedMicroUsd: number, p: number): number =>
  Math.max(0, lostMicroUsd - (earnedMicroUsd * (1 - p)) / p)

/** Unverified spend in the rate's window that people alone would make, from what they verified since the onset. */
export const usualLoss = (earnedMicroUsd: number, p: number, sinceOnsetMs: number): number =>
  ((earnedMicroUsd * (1 - p)) / p) * (RATE_WINDOW_MS / Math.max(sinceOnsetMs, RATE_WINDOW_MS))

export interface Figures {
  ranges: NamedRange[]
  lostMicroUsd: number
  /** in the window of the rate */
  usualMicroUsd: number
}

export function setFigures(o: OpenIncident, figures: Figures): void {
  const lost = Math.round(figures.lostMicroUsd)
  if (lost !== o.incident.lostMicroUsd) o.changed = true
  o.incident.ranges = figures.ranges
  o.incident.lostMicroUsd = lost
}

export type LifeEvent = 'updated' | 'contained' | 'closed'

/** Moves it through its life. At most one event a pass. @param usualMicroUsd of its figures */
export function live(o: OpenIncident, usualMicroUsd: number, now: number): LifeEvent | null {
  const { incident } = o
  advance(o.rate, Math.floor(now / MINUTE))
  const rate = o.rate.minutes.reduce((sum, spent) => sum + spent, 0)
  const running = rate > Math.max(TIMES_USUAL * usualMicroUsd, o.rate.unit)
  if (running && incident.state === 'contained') {
    incident.state = 'open'
    incident.containedAt = null
    return 'updated'
  }
  if (!running && incident.state === 'open') {
    incident.state = 'contained'
    incident.containedAt = now
    return 'contained'
  }
  if (incident.state === 'contained' && now - o.hostile.last >= QUIET_MS) {
    close(o, 'quiet', now)
    return 'closed'
  }
  return o.changed && now - o.toldAt >= TELL_MS ? 'updated' : null
}

export function close(o: OpenIncident, as: 'quiet' | 'outage', now: number): void {
  o.incident.state = 'closed'
  o.incident.closedAt = now
  o.incident.closedAs = as
}
