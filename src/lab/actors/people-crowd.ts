import TinyQueue from 'tinyqueue'
import { createRandom } from '../random.js'
import type { TrafficRow } from '../traffic.js'
import type { Access, World } from '../world/world.js'
import type { Actor } from './actor.js'
import { createPace, type Shape } from './attack/pace.js'
import { type Change, createChanges } from './people-change.js'
import { habitsOf } from './people-countries.js'
import { createPersons, token } from './people-person.js'
import { createSessions, type Manners } from './people-session.js'
import { createSpread } from './people-spread.js'

/** People who come together for a reason of their own: what a rule easily takes for an attack. As data. */
export interface CrowdData extends Partial<Manners> {
  kind: 'crowd'
  name: string
  /** after midnight UTC of the day it falls on, ms */
  startMs: number
  durationMs: number
  sessions: number
  shape?: Shape
  /** whose numbers; one of them at a time */
  countries: readonly string[]
  /** numbers one after the other in one block, as a company gets them @default as subscribers have them */
  numbers?: 'sequential'
  /** addresses that all of them come from; absent: everybody from their own */
  shared?: { country: string; access: Access; addresses: number }
  /** devices that all of them use; absent: everybody their own */
  devices?: number
}

export interface CrowdOptions {
  world: World
  seed: number
  /** midnight UTC of the day it falls on, Unix ms */
  dayStart: number
  changes?: readonly Change[]
}

/** The people of a crowd, labelled 'legit'. */
export function crowd(data: CrowdData, { world, seed, dayStart, changes }: CrowdOptions): Actor {
  const random = createRandom(seed)
  const { startMs, durationMs, sessions: attempts, shape = { kind: 'flat' } } = data
  const pace = createPace({ startMs, durationMs, attempts, shape }, dayStart, random)
  const newcomer = createPersons(world, random)
  const inForce = createChanges(changes ?? [], dayStart)
  const session = createSessions(world, inForce, random, data.name)
  const conversionOf = createSpread(seed)
  const { shared } = data
  const addresses = Array.from({ length: shared?.addresses ?? 0 }, () =>
    world.address(shared?.country ?? '*', shared?.access ?? 'fixed', random),
  )
  const devices = Array.from({ length: data.devices ?? 0 }, () => token(random))
  const [block] =
    data.numbers === 'sequential' ? world.blocks(random.pick(data.countries), 1, random) : []
  const first = random.below(5_000)
  const asked = new TinyQueue<TrafficRow>([], (a, b) => a.at - b.at)
  let next = pace.next(1)
  let came = 0

  function fill(): void {
    while (next <= (asked.peek()?.at ?? Number.POSITIVE_INFINITY) && Number.isFinite(next)) {
      const country = random.pick(data.countries)
      const habits = habitsOf(country)
      const to = block === undefined ? undefined : world.numberIn(block, random, first + came)
      const person = newcomer(country, habits, to)
      if (devices.length > 0) person.deviceId = random.pick(devices)
      if (addresses.length > 0) person.abroad = random.pick(addresses)
      const conversion = data.conversion ?? conversionOf(person.to, country, habits.conversion)
      const manners = {
        conversion,
        ...(data.medianMs !== undefined && { medianMs: data.medianMs }),
      }
      for (const row of session(Math.floor(next), person, habits, manners)) asked.push(row)
      came++
      next = pace.next(1)
    }
  }

  return {
    nextAt() {
      fill()
      return asked.peek()?.at ?? Number.POSITIVE_INFINITY
    },
    ask() {
      fill()
      const row = asked.pop()
      if (row === undefined) throw new RangeError(`${data.name}: there is nobody left to ask`)
      return { row, label: 'legit', campaign: null }
    },
  }
}
