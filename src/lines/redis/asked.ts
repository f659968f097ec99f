import { hash64 } from '../../engine/hash.js'
import { SUBJECTS } from '../../engine/policy.js'
import type { Query } from '../../engine/state.js'
import { HOUR } from '../../engine/units.js'
import { bitOf, countryBitOf, subjectSeed } from '../memory/keys.js'
import type { Wanted } from '../memory/layout.js'
import { KIND, NARROW_WORDS } from '../memory/records.js'
import type { Entity, Plan } from './entities.js'
import { type Name, named, tagOf } from './keys.js'

/** One value that a request reads. */
export interface Slot extends Name {
  entity: Entity
}

/** A request, with the name of everything it reads. */
export interface Asked {
  query: Query
  plan: Plan
  seed: number
  /** where its number and its country fall in a distinct count, 0 to 63 */
  numberBit: number
  countryBit: number
  slots: readonly Slot[]
  /** the last of them are its throttles, in their order */
  throttles: number
}

const NUMBER = SUBJECTS.indexOf('number')
const GLOBAL = SUBJECTS.indexOf('global')
/** Beside the keys that a request carries: no device can be called like a throttle. */
const THROTTLE = SUBJECTS.length

const throttleRecord: Wanted = {
  ...{ is: 'window', subject: GLOBAL, kind: KIND.throttle, salt: 0, index: 0, counts: true },
  spec: { subject: 'global', windowMs: HOUR },
}
const throttlePlaced = { record: throttleRecord, offset: 0, words: NARROW_WORDS }
/** Messages of the last hour under one throttle. */
const THROTTLED: Entity = {
  ...{
    subject: GLOBAL,
    salt: 0,
    line: -1,
    records: [throttlePlaced],
    kept: [throttlePlaced],
    blank: [],
  },
  ...{
    counts: true,
    senses: false,
    events: 2,
    number: null,
    remembers: false,
    spends: false,
    words: NARROW_WORDS,
    ttlMs: 2 * HOUR,
  },
}

export const serviceSeed = (service: string, seed: number): number => hash64(service, seed).low

/** @param seed secret of the installation, 32 bits */
export function askedOf(query: Query, plan: Plan, seed: number): Asked {
  const keySeed = serviceSeed(query.service, seed)
  const slots: Slot[] = []
  let numberBit = 0
  for (const entity of plan.entities) {
    const { subject, salt } = entity
    const key = query.keys[subject] as string
    if (key === '') continue
    const slot: Slot = { entity, tag: 0, high: 0, low: 0 }
    // all services share one place for what is global
    if (subject === GLOBAL) named(slot, GLOBAL, 'global', seed, salt)
    else named(slot, subject, key, keySeed, salt)
    slots.push(slot)
    if (subject === NUMBER) numberBit = bitOf(slot.high)
  }
  for (const { key } of query.throttles) {
    const { high, low } = hash64(key, subjectSeed(seed, THROTTLE))
    slots.push({ entity: THROTTLED, tag: tagOf(GLOBAL, key, seed), high: high | 0, low: low | 0 })
  }
  return {
    ...{ query, plan, seed, slots, throttles: query.throttles.length },
    numberBit,
    countryBit: countryBitOf(query.country, keySeed),
  }
}
