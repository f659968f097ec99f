import { hash64 } from '../../engine/hash.js'
import { LINES, SUBJECTS } from '../../engine/policy.js'
import type { Move, Settlement } from '../../engine/state.js'
import { salted, subjectSeed } from '../memory/keys.js'
import { RANGES, SOURCES } from '../memory/layout.js'
import { sourceHashes } from '../memory/numbers.js'
import { secondsOf } from '../memory/records.js'
import { type Naming, serviceSeed } from './asked.js'
import { type Entity, lineEntity, type Plan } from './entities.js'
import { GRANTED_BYTES, moveEvent, OUTCOMES, refundEvent, verifiedEvent } from './events.js'
import { entityKey, tagOf } from './keys.js'

/** One event of a settlement, on its key. */
export interface Job {
  key: string
  tag: string
  entity: Entity
  event: Buffer
  ttlMs: number
  caps: { key: string; max: number }[]
  /** decided by the script where there are caps */
  earned: number
  lost: number
  surplusLost: boolean
}

const NUMBER = SUBJECTS.indexOf('number')
const COUNTRY = SUBJECTS.indexOf('country')
const SERVICE = SUBJECTS.indexOf('service')
const GLOBAL = SUBJECTS.indexOf('global')
/** Beside subjects and throttles. */
const CAP = SUBJECTS.length + 1
const COUNTED: ReadonlySet<string> = new Set([...RANGES, ...SOURCES])

export interface SettlingOptions {
  naming: Naming
  plan: Plan
  settlement: Settlement
  now: number
  id: number
  /** the code of this session was sent more than once */
  resent: boolean
  retentionMs: number
}

/** What a settlement appends, and to which values. */
export function jobsOf(options: SettlingOptions): Job[] {
  const { naming, plan, settlement, now, id, resent, retentionMs } = options
  const { prefix, seed } = naming
  const keySeed = serviceSeed(settlement.service, seed)
  const jobs: Job[] = []
  const place = (subject: number, key: string, salt = 0) => {
    const { high, low } =
      subject === GLOBAL
        ? hash64('global', subjectSeed(seed, GLOBAL))
        : hash64(key, subjectSeed(keySeed, subject))
    const tag = tagOf(subject, key, subject === GLOBAL ? seed : keySeed)
    return { tag, key: entityKey(prefix, tag, { high, low: salted(low, salt) >>> 0 }) }
  }
  const add = (at: { tag: string; key: string }, entity: Entity, event: Buffer, ttlMs: number) =>
    jobs.push({ ...at, entity, event, ttlMs, caps: [], earned: 0, lost: 0, surplusLost: false })

  for (const move of settlement.moves) {
    const line = LINES.indexOf(move.line)
    const at = place(line, move.key)
    const entity = lineEntity(plan, line)
    const capped = move.earned > 0 && move.caps.length > 0
    const event = eventOf(move, settlement, { now, id, resent, isCapped: capped })
    jobs.push({
      ...at,
      entity,
      event: capped ? event.subarray(0, -GRANTED_BYTES) : event,
      ttlMs: entity.ttlMs,
      caps: capped ? move.caps.map((cap) => capOf(cap, at.tag, prefix, keySeed)) : [],
      earned: move.earned,
      lost: move.lost,
      surplusLost: move.surplusLost,
    })
  }
  const { verified, refund } = settlement
  const number = lineEntity(plan, NUMBER)
  if (verified !== null)
    add(
      place(NUMBER, verified.numberKey),
      number,
      verifiedEvent(id + 1, now, sourceHashes(verified.sources, seed)),
      retentionMs,
    )
  if (refund !== null) {
    const { country, priceMicroUsd, at, session } = refund
    const event = refundEvent(id + 2, now, secondsOf(at), priceMicroUsd)
    if (session !== null) add(place(NUMBER, session), number, event, number.ttlMs)
    for (const entity of plan.entities) {
      if (!entity.spends) continue
      const { subject } = entity
      const key =
        subject === COUNTRY ? country : subject === SERVICE ? settlement.service : 'global'
      if (key !== '') add(place(subject, key, entity.salt), entity, event, entity.ttlMs)
    }
  }
  return together(jobs)
}

/** A value is written once: all events of a key in one job. Caps are on ranges, which have one event. */
function together(jobs: readonly Job[]): Job[] {
  const byKey = new Map<string, Job>()
  for (const job of jobs) {
    const same = byKey.get(job.key)
    if (same === undefined) byKey.set(job.key, job)
    else {
      same.event = Buffer.concat([same.event, job.event])
      same.ttlMs = Math.max(same.ttlMs, job.ttlMs)
    }
  }
  return [...byKey.values()]
}

function eventOf(
  move: Move,
  { outcome }: Settlement,
  { now, id, resent, isCapped }: { now: number; id: number; resent: boolean; isCapped: boolean },
): Buffer {
  const counted = outcome !== null && COUNTED.has(move.line)
  const { reserved, earned, lost } = move
  return moveEvent(
    id,
    now,
    {
      ...{ resent, reserved, earned, lost, since: secondsOf(move.since) },
      outcome: counted ? OUTCOMES.indexOf(outcome.what) : 0,
      delayMs: counted ? outcome.delayMs : 0,
    },
    isCapped,
  )
}

function capOf(
  { key, max }: { key: string; max: number },
  tag: string,
  prefix: string,
  keySeed: number,
): { key: string; max: number } {
  const { high, low } = hash64(key, subjectSeed(keySeed, CAP))
  return { key: entityKey(prefix, tag, { high, low }), max }
}
