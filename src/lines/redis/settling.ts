import { hash64 } from '../../engine/hash.js'
import { LINES, SUBJECTS } from '../../engine/policy.js'
import type { Move, Settlement } from '../../engine/state.js'
import { subjectSeed } from '../memory/keys.js'
import { RANGES, SOURCES } from '../memory/layout.js'
import { sourceHashes } from '../memory/numbers.js'
import { secondsOf } from '../memory/records.js'
import { groupsOf, serviceSeed } from './asked.js'
import type { Bases } from './bases.js'
import type { Client } from './client.js'
import { type Entity, lineEntity, type Plan } from './entities.js'
import { GRANTED_BYTES, moveEvent, OUTCOMES, refundEvent, verifiedEvent } from './events.js'
import { isSameName, Keys, type Name, nameOf } from './keys.js'
import { SETTLE } from './scripts.js'
import { together } from './together.js'
import { headOf } from './value.js'

/** One event of a settlement, on its key. */
export interface Job {
  name: Name
  entity: Entity
  event: Buffer
  ttlMs: number
  caps: { name: Name; max: number }[]
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

/** Settlements of one script. */
const TOGETHER = 16

/** Appends what settlements leave on their values, that of several in one script. */
export function settling(client: Client, bases: Bases) {
  const { add, done } = together<readonly Job[], undefined>(TOGETHER, async (settlements) => {
    const jobs = settlements.flat()
    const names = jobs.map(({ name }) => name)
    await Promise.all(
      groupsOf(names, client.isCluster).map((group) => append(group.map((i) => jobs[i] as Job))),
    )
    return settlements.map(() => undefined)
  })

  async function append(jobs: readonly Job[]): Promise<void> {
    const keys = new Keys()
    for (const { name } of jobs) keys.at(name)
    const values = keys.names.length
    const args: (string | Buffer)[] = [
      String(values),
      headOf(bases.stamp(), 0),
      String(jobs.length),
    ]
    for (const { name, event, ttlMs, caps, earned, lost, surplusLost } of jobs) {
      args.push(String(keys.at(name) + 1), event, String(ttlMs), String(caps.length))
      if (caps.length === 0) continue
      args.push(String(earned), String(lost), surplusLost ? '1' : '0')
      for (const cap of caps) args.push(String(keys.at(cap.name) + 1), String(cap.max))
    }
    bases.take(keys.names.slice(0, values), args)
    await client.run(SETTLE, keys.names, args)
  }

  return {
    append: (jobs: readonly Job[]): Promise<void> =>
      // a settlement that moves nothing (a message that monitor mode sent uncharged) asks nothing
      jobs.length === 0 ? Promise.resolve() : add(jobs),
    done,
  }
}

/** What a settlement appends, and to which values. */
export function jobsOf(options: SettlingOptions): Job[] {
  const { seed, plan, settlement, now, id, resent, retentionMs } = options
  const keySeed = serviceSeed(settlement.service, seed)
  const jobs: Job[] = []
  const place = (subject: number, key: string, salt = 0): Name =>
    nameOf(subject, key, subject === GLOBAL ? seed : keySeed, salt)
  const add = (name: Name, entity: Entity, event: Buffer, ttlMs: number) =>
    jobs.push({ name, entity, event, ttlMs, caps: [], earned: 0, lost: 0, surplusLost: false })

  for (const move of settlement.moves) {
    const line = LINES.indexOf(move.line)
    const name = place(line, move.key)
    const entity = lineEntity(plan, line)
    const capped = move.earned > 0 && move.caps.length > 0
    const event = eventOf(move, settlement, { now, id, resent, isCapped: capped })
    jobs.push({
      name,
      entity,
      event: capped ? event.subarray(0, -GRANTED_BYTES) : event,
      ttlMs: entity.ttlMs,
      caps: capped ? move.caps.map((cap) => capOf(cap, name.tag, keySeed)) : [],
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
  return merged(jobs)
}

/** A value is written once: all events of a key in one job. Caps are on ranges, which have one event. */
function merged(jobs: readonly Job[]): Job[] {
  const apart: Job[] = []
  for (const job of jobs) {
    const same = apart.find(({ name }) => isSameName(name, job.name))
    if (same === undefined) apart.push(job)
    else {
      same.event = Buffer.concat([same.event, job.event])
      same.ttlMs = Math.max(same.ttlMs, job.ttlMs)
    }
  }
  return apart
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
  tag: number,
  keySeed: number,
): { name: Name; max: number } {
  const { high, low } = hash64(key, subjectSeed(keySeed, CAP))
  return { name: { tag, high: high | 0, low: low | 0 }, max }
}
