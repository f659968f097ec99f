import { hash64 } from '../../engine/hash.js'
import { SUBJECTS } from '../../engine/policy.js'
import type { Query } from '../../engine/state.js'
import { HOUR } from '../../engine/units.js'
import { createKeyHashes, hashKeys, type KeyHashes, salted, subjectSeed } from '../memory/keys.js'
import type { Wanted } from '../memory/layout.js'
import { KIND, NARROW_WORDS } from '../memory/records.js'
import type { Entity, Plan } from './entities.js'
import { entityKey, tagOf } from './keys.js'

/** How keys become names in Redis. */
export interface Naming {
  prefix: string
  /** secret of the installation, 32 bits */
  seed: number
}

/** One value that a request reads. */
export interface Slot {
  entity: Entity
  key: string
  tag: string
}

/** A request, with the name of everything it reads. */
export interface Asked {
  query: Query
  plan: Plan
  hashes: KeyHashes
  seed: number
  slots: readonly Slot[]
  /** the last of them are its throttles, in their order */
  throttles: number
}

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
  ...{ subject: GLOBAL, salt: 0, line: -1, records: [throttlePlaced], kept: [throttlePlaced] },
  ...{
    counts: true,
    senses: false,
    remembers: false,
    spends: false,
    words: NARROW_WORDS,
    ttlMs: 2 * HOUR,
  },
}

const scratch = createKeyHashes()
/** Names are made; what is left of the hashes is where number and country fall in a distinct count. */
const NO_HASHES = { high: new Uint32Array(0), low: new Uint32Array(0) }

export const serviceSeed = (service: string, seed: number): number => hash64(service, seed).low

export function askedOf(query: Query, plan: Plan, { prefix, seed }: Naming): Asked {
  const keySeed = serviceSeed(query.service, seed)
  hashKeys(query, keySeed, scratch)
  const { numberBit, countryBit } = scratch
  const hashes: KeyHashes = { ...NO_HASHES, numberBit, countryBit }
  const slots: Slot[] = []
  for (const entity of plan.entities) {
    const { subject } = entity
    const key = query.keys[subject] as string
    if (key === '') continue
    if (subject === GLOBAL) {
      // all services share one place for what is global
      const h = hash64('global', subjectSeed(seed, GLOBAL))
      const named = { high: h.high, low: salted(h.low, entity.salt) >>> 0 }
      slots.push(slotOf(entity, prefix, tagOf(GLOBAL, 'global', seed), named))
    } else {
      const named = { high: scratch.high[subject] as number, low: scratch.low[subject] as number }
      slots.push(slotOf(entity, prefix, tagOf(subject, key, keySeed), named))
    }
  }
  for (const { key } of query.throttles) {
    const { high, low } = hash64(key, subjectSeed(seed, THROTTLE))
    const tag = tagOf(GLOBAL, key, seed)
    slots.push(slotOf(THROTTLED, prefix, tag, { high, low }))
  }
  return { query, plan, hashes, seed, slots, throttles: query.throttles.length }
}

const slotOf = (
  entity: Entity,
  prefix: string,
  tag: string,
  named: { high: number; low: number },
): Slot => ({ entity, key: entityKey(prefix, tag, named), tag })

/** Places of the slots that one script may touch together: all of them where there is no cluster. */
export function groupsOf(slots: readonly { tag: string }[], isCluster: boolean): number[][] {
  // a settlement that moves nothing (a message that monitor mode sent uncharged) has no keys: there is nothing to ask
  if (slots.length === 0) return []
  if (!isCluster) return [slots.map((_, i) => i)]
  const byTag = new Map<string, number[]>()
  for (const [i, { tag }] of slots.entries()) {
    const same = byTag.get(tag)
    if (same === undefined) byTag.set(tag, [i])
    else same.push(i)
  }
  return [...byTag.values()]
}
