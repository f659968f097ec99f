import { hash64 } from '../../engine/hash.js'
import { LINES, SUBJECTS } from '../../engine/policy.js'
import type { EarnCap, Move, Settlement } from '../../engine/state.js'
import { subjectSeed } from '../memory/keys.js'
import { RANGES, SOURCES } from '../memory/layout.js'
import { sourceHashes } from '../memory/numbers.js'
import { secondsOf } from '../memory/records.js'
import { serviceSeed } from './asked.js'
import { lineEntity, type Plan } from './entities.js'
import { type Moved, moveEvent, OUTCOMES, refundEvent, verifiedEvent } from './events.js'
import { type Name, nameOf } from './keys.js'

/** One event of a settlement, on its key. */
export interface Job {
  name: Name
  event: Buffer
  ttlMs: number
  /** the key's end is moved, if that makes it later */
  renews: boolean
  /** `null`: nothing is capped */
  capped: Capped | null
}

/** What a move earns is bounded: the script decides how much of it, and writes that behind the event. */
export interface Capped {
  /** the hash in which the caps of a move count, named by the first of them */
  name: Name
  caps: { field: Buffer; max: number }[]
  earned: number
  lost: number
  surplusLost: boolean
}

const NUMBER = SUBJECTS.indexOf('number')
const COUNTRY = SUBJECTS.indexOf('country')
const SERVICE = SUBJECTS.indexOf('service')
const GLOBAL = SUBJECTS.indexOf('global')
/** Beside subjects and throttles; 1 was the caps of an older form, which end after two days. */
const CAP = SUBJECTS.length + 2
const COUNTED: ReadonlySet<string> = new Set([...RANGES, ...SOURCES])

export interface JobsOptions {
  /** secret of the installation, 32 bits */
  seed: number
  plan: Plan
  settlement: Settlement
  now: number
  id: number
  /** the code of this session was sent more than once */
  resent: boolean
  retentionMs: number
}

/** What a settlement appends, and to which values. */
export function jobsOf(options: JobsOptions): Job[] {
  const { seed, plan, settlement, now, id, retentionMs } = options
  const keySeed = serviceSeed(settlement.service, seed)
  const jobs: Job[] = []
  const place = (subject: number, key: string, salt = 0): Name =>
    nameOf(subject, key, subject === GLOBAL ? seed : keySeed, salt)
  const add = (name: Name, event: Buffer, ttlMs: number, renews = false) =>
    jobs.push({ name, event, ttlMs, renews, capped: null })

  const eventOf = moveEvents(options)
  for (const move of settlement.moves) {
    const line = LINES.indexOf(move.line)
    const name = place(line, move.key)
    const isCapped = move.earned > 0 && move.caps.length > 0
    jobs.push({
      name,
      event: eventOf(move, isCapped),
      ttlMs: lineEntity(plan, line).ttlMs,
      renews: false,
      capped: isCapped ? cappedOf(move, name.tag, subjectSeed(keySeed, CAP)) : null,
    })
  }
  const { verified, refund } = settlement
  if (verified !== null) {
    const event = verifiedEvent(id + 1, now, sourceHashes(verified.sources, seed))
    add(place(NUMBER, verified.numberKey), event, retentionMs, true)
  }
  if (refund !== null) {
    const { country, priceMicroUsd, at } = refund
    const event = refundEvent(id + 2, now, secondsOf(at), priceMicroUsd)
    for (const entity of plan.entities) {
      if (!entity.spends) continue
      const { subject } = entity
      const key =
        subject === COUNTRY ? country : subject === SERVICE ? settlement.service : 'global'
      if (key !== '') add(place(subject, key, entity.salt), event, entity.ttlMs)
    }
  }
  return jobs
}

/** Lines that move alike have one and the same event. */
function moveEvents({ settlement: { outcome }, now, id, resent }: JobsOptions) {
  const made: { moved: Moved; isCapped: boolean; event: Buffer }[] = []
  return (move: Move, isCapped: boolean): Buffer => {
    const counted = outcome !== null && COUNTED.has(move.line) ? outcome : null
    const moved: Moved = {
      since: secondsOf(move.since),
      outcome: counted === null ? 0 : OUTCOMES.indexOf(counted.what),
      resent,
      delayMs: counted === null ? 0 : counted.delayMs,
      reserved: move.reserved,
      earned: move.earned,
      lost: move.lost,
    }
    for (const same of made)
      if (same.isCapped === isCapped && isAlike(same.moved, moved)) return same.event
    const event = moveEvent(id, now, moved, isCapped)
    made.push({ moved, isCapped, event })
    return event
  }
}

const isAlike = (a: Moved, b: Moved): boolean =>
  a.since === b.since &&
  a.outcome === b.outcome &&
  a.delayMs === b.delayMs &&
  a.reserved === b.reserved &&
  a.earned === b.earned &&
  a.lost === b.lost

function cappedOf({ caps, earned, lost, surplusLost }: Move, tag: number, seed: number): Capped {
  const { high, low } = hash64((caps[0] as EarnCap).key, seed)
  const name = { tag, high: high | 0, low: low | 0 }
  return { name, caps: caps.map((cap) => capOf(cap, seed)), earned, lost, surplusLost }
}

function capOf({ key, max }: EarnCap, seed: number): { field: Buffer; max: number } {
  const { high, low } = hash64(key, seed)
  const field = Buffer.allocUnsafe(8)
  field.writeUInt32LE(high, 0)
  field.writeUInt32LE(low, 4)
  return { field, max }
}
