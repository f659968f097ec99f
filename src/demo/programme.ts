import { HOUR, MINUTE } from '../engine/units.js'
import type { Actor } from '../lab/actors/actor.js'
import { type AttackData, attacker } from '../lab/actors/attack.js'
import { type CrowdData, crowd } from '../lab/actors/people-crowd.js'
import { hashOf } from '../lab/actors/people-spread.js'
import {
  BROWSER,
  blocksOf,
  LOCAL_PROXIES,
  SOLVING_SERVICE,
  servers,
} from '../lab/scenarios/attacks-parts.js'
import type { ScenarioData } from '../lab/scenarios/scenario.js'
import type { World } from '../lab/world/world.js'

/** Something that happens to the platform besides its normal day. */
export interface Event {
  name: string
  kind: 'attack' | 'trap'
  title: string
  /** their times count from the beginning of the event */
  actors: readonly (AttackData | CrowdData)[]
  /** of simulated time, ms */
  lastsMs: number
}

type Span = { startMs: number; durationMs: number }

const attack = (
  name: string,
  title: string,
  lastsMs: number,
  attempts: number,
  data: Omit<AttackData, 'kind' | 'campaign' | 'phases'> & Partial<AttackData['phases'][number]>,
): Event => {
  const { destinations, sources, solves, adapts, deadShare, ...phase } = data
  return {
    name,
    kind: 'attack',
    title,
    lastsMs,
    actors: [
      {
        ...{ kind: 'attack', campaign: name, destinations, sources, solves },
        ...(adapts !== undefined && { adapts }),
        ...(deadShare !== undefined && { deadShare }),
        phases: [{ startMs: 0, durationMs: lastsMs, attempts, ...phase }],
      },
    ],
  }
}

/**
 * What is played by default, one after the other and then from the start again. Sizes are those of attacks that were
 * published; they are made to end within the time in which somebody looks at a demo.
 */
export const PROGRAMME: readonly Event[] = [
  attack(
    'pumped-ranges',
    'eight blocks of the main market are pumped through home connections, every challenge solved',
    40 * MINUTE,
    2_400,
    {
      destinations: {
        targets: blocksOf('NG', 1, 8),
        rotate: { everyMessages: 60, width: 3 },
      },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  ),
  {
    name: 'campaign',
    kind: 'trap',
    title: 'no attack: an advertisement brings a crowd of real people, who must not be refused',
    lastsMs: 30 * MINUTE,
    actors: [
      {
        ...{ kind: 'crowd', name: 'campaign', startMs: 0, durationMs: 30 * MINUTE },
        ...{ sessions: 900, countries: ['GH'] },
      },
    ],
  },
  attack(
    'servers-abroad',
    'sixty rented servers count up through dear ranges of three countries nobody serves',
    30 * MINUTE,
    3_000,
    {
      destinations: {
        targets: ['AZ', 'TN', 'UZ'].map((country) => ({ kind: 'blocks', country, count: 2 })),
        numbers: 'sequential',
      },
      sources: servers(60),
      solves: SOLVING_SERVICE,
    },
  ),
  attack(
    'moving-on',
    'an attacker who leaves each block as soon as he is refused three times',
    40 * MINUTE,
    2_000,
    {
      destinations: {
        targets: blocksOf('GH', 2, 40),
        rotate: { everyMessages: 100, width: 6 },
      },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
      adapts: { minds: 'not-sent', block: 3, whenSpent: 'starts-over' },
    },
  ),
  attack(
    'flood',
    'four thousand requests in four minutes to three blocks, over before the first code is overdue',
    4 * MINUTE,
    4_000,
    {
      destinations: { targets: [{ kind: 'blocks', country: 'KE', count: 3 }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  ),
  attack(
    'enters-codes',
    'an attacker who reads two of five of his own codes and enters them, to look like a customer',
    40 * MINUTE,
    1_600,
    {
      destinations: { targets: blocksOf('NG', 1, 6) },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
      verifies: { share: 0.4, delay: { kind: 'human' } },
    },
  ),
]

/** What happens in a scenario of the laboratory, from its first moment on. */
export function eventOf(scenario: ScenarioData): Event {
  const { name, title, actors } = scenario
  const spans: readonly Span[] = actors.flatMap((data): readonly Span[] =>
    data.kind === 'attack' ? data.phases : [data],
  )
  const start = Math.min(...spans.map(({ startMs }) => startMs))
  const end = Math.max(...spans.map(({ startMs, durationMs }) => startMs + durationMs))
  const earlier = <T extends { startMs: number }>(span: T): T => ({
    ...span,
    startMs: span.startMs - start,
  })
  return {
    ...{ name, title, kind: scenario.kind === 'attack' ? 'attack' : 'trap' },
    actors: actors.map((data) =>
      data.kind === 'attack' ? { ...data, phases: data.phases.map(earlier) } : earlier(data),
    ),
    lastsMs: Number.isFinite(end - start) ? end - start : HOUR,
  }
}

/** The actors of an event that begins now. @param round tells this time from others: other numbers, other addresses */
export const openEvent = (event: Event, from: number, world: World, round: number): Actor[] =>
  event.actors.map((data) => {
    const seed = hashOf(event.name, round)
    return data.kind === 'attack'
      ? attacker({ ...data, campaign: `${data.campaign}-${round}` }, { world, from, seed })
      : crowd({ ...data, name: `${data.name}-${round}` }, { world, dayStart: from, seed })
  })
