import { randomInt } from 'node:crypto'
import { decay, FAST_HALF_LIFE_MS } from '../../engine/line.js'
import { LINES, SUBJECTS } from '../../engine/policy.js'
import { unitOf } from '../../engine/readings.js'
import {
  type Demand,
  type Gathered,
  type Layout,
  LINE_WIDTH,
  type Move,
  type Query,
  type Settlement,
} from '../../engine/state.js'
import { DAY } from '../../engine/units.js'
import { wasResent } from '../memory/outcome-counters.js'
import { ASKED } from '../memory/record-access.js'
import type { SharedLineStore } from '../port.js'
import { type Asked, askedOf, groupsOf, type Slot } from './asked.js'
import { Bases } from './bases.js'
import { eventAt, finderOf, type Hold, type Marks, marksOf } from './charging.js'
import { openClient } from './client.js'
import { type Plan, planOf } from './entities.js'
import { evictionOf } from './eviction.js'
import { fitsUnder } from './read.js'
import { ADJUST, SETTLE } from './scripts.js'
import { type Job, jobsOf } from './settling.js'
import { markedShards } from './shard.js'
import { touching } from './touching.js'
import { parseUrl } from './url.js'
import { headOf } from './value.js'

export interface RedisLinesOptions {
  /** `redis://`, `rediss://`, `valkey://`, each also `+sentinel` and `+cluster`; see docs/decisions/017 */
  url: string
  /** begins every key: installations that share a Redis each have their own. @default 'tollgate:' */
  prefix?: string
  /** how long a number that has verified is remembered, ms. @default 90 days */
  retentionMs?: number
  /** time limit of a connection, ms. @default 2,000 */
  connectMs?: number
  /** time limit of one call, ms. @default 1,000 */
  commandMs?: number
  /** Secret seed of the names, a 32-bit integer. @default the installation's own, kept in Redis */
  seed?: number
  /** told of what nobody waits for. @default process.emitWarning */
  onError?: (error: Error) => void
}

export interface RedisLines extends SharedLineStore {
  gather(query: Query, now: number): Promise<Gathered>
  gatherAndReserve(query: Query, priceMicroUsd: number, now: number): Promise<Gathered>
  release(query: Query): void
  charge(query: Query, demand: Demand, now: number): boolean | Promise<boolean>
  count(query: Query, now: number): void | Promise<void>
  settle(settlement: Settlement, now: number): Promise<void>
  close(): Promise<void>
}

/**
 * Reserved before they are decided, at once, by one gateway. They stand on shared lines for a round trip though some of
 * them will be refused: with a slow Redis so many that people would be refused for them. Beyond, requests are decided
 * first and charged in a second round trip.
 */
const HOLDS = 64
/** A request that was never decided (its caller failed) gives back what it holds after this, ms. */
const FORGOTTEN_MS = 10_000
const UNLIMITED = new Float64Array(LINES.length).fill(Number.POSITIVE_INFINITY)
const NUMBER = LINES.indexOf('number')

/**
 * Lines in Redis or Valkey, shared by all gateways. A value per key of a request holds what all its events have come to
 * and the events since; gateways append and read, and work out what it comes to with the records of the embedded store.
 * @throws RedisLinesError that says what is wrong with the server and how to mend it
 */
export async function redisLines(options: RedisLinesOptions): Promise<RedisLines> {
  const { prefix = 'tollgate:', retentionMs = 90 * DAY, connectMs = 2_000 } = options
  const { commandMs = 1_000, onError = (error: Error) => process.emitWarning(error) } = options
  const client = await openClient(parseUrl(options.url), { connectMs, commandMs, onError })
  const shards = markedShards(client, prefix, options.seed ?? randomInt(0x1_0000_0000))
  const evicts = await evictionOf(client)
  if (evicts !== null) onError(new Error(evicts))
  const naming = { prefix, seed: options.seed ?? (await shards.seed()) }
  const plans = new WeakMap<Layout, Plan>()
  const bases = new Bases(randomInt(0x1_0000_0000), retentionMs)
  const { touch, done } = touching(client, bases)
  const holds = new Map<Query, Hold>()
  /** whether the requests that were gathered lately and hold nothing are resends */
  const resends = new WeakMap<Query, boolean>()
  const atWork = new Set<Promise<unknown>>()
  let lastId = randomInt(0x1_0000_0000)

  /** Three numbers are taken at once: a settlement has up to three events on one key. */
  const newId = (): number => {
    lastId = (lastId + 4) >>> 0
    return lastId
  }

  const planFor = (layout: Layout): Plan => {
    const had = plans.get(layout)
    if (had !== undefined) return had
    const made = planOf(layout)
    plans.set(layout, made)
    return made
  }
  const askedFor = (query: Query): Asked => askedOf(query, planFor(query.layout), naming)

  /** Work that no request waits for. */
  function behind(work: Promise<unknown>): void {
    const done: Promise<unknown> = work.catch(onError).finally(() => atWork.delete(done))
    atWork.add(done)
  }

  const adjust = (
    asked: Asked,
    held: Marks,
    instead: Marks | null,
    isSure = true,
  ): Promise<unknown> => {
    const finder = finderOf(held)
    if (finder === null) return Promise.resolve()
    const changed = asked.slots.flatMap(({ tag }, i) => {
      const before = eventAt(held, i)
      const after = instead === null ? null : eventAt(instead, i)
      if (before === null || after?.equals(before)) return []
      return [{ i, tag, before, after: after ?? '' }]
    })
    return Promise.all(
      groupsOf(changed, client.isCluster).map((group) => {
        const events = group.flatMap((k) => changed[k] ?? [])
        const keys = events.map(({ i }) => (asked.slots[i] as Slot).key)
        if (keys.length === 0) return undefined
        const stamp = Buffer.alloc(4)
        stamp.writeUInt32LE(bases.stamp())
        const args: (string | Buffer)[] = [finder, stamp, isSure ? '1' : '0']
        for (const { before, after } of events) args.push(before, after)
        bases.take(keys, args)
        return client.run(ADJUST, keys, args)
      }),
    )
  }

  const takeHold = (query: Query): Hold | undefined => {
    const hold = holds.get(query)
    holds.delete(query)
    return hold
  }

  const giveBack = ({ asked, marks }: Hold): void => behind(adjust(asked, marks, null))

  async function gather(query: Query, now: number): Promise<Gathered> {
    const asked = askedFor(query)
    const state = await touch(asked, null, now)
    resends.set(query, state.sessionAt > 0)
    return state
  }

  async function gatherAndReserve(
    query: Query,
    priceMicroUsd: number,
    now: number,
  ): Promise<Gathered> {
    if (holds.size >= HOLDS) return gather(query, now)
    const asked = askedFor(query)
    const costs = new Float64Array(LINES.length)
    for (let i = 0; i < LINES.length; i++)
      if (query.keys[i] !== '') costs[i] = unitOf(i, priceMicroUsd)
    const id = newId()
    const demand = { costs, priceMicroUsd, opensSession: true, as: 'send' as const }
    const marks = marksOf(asked, demand, id, now)
    const price = priceMicroUsd
    const since = performance.now()
    const hold: Hold = { asked, marks, costs, price, id, isResend: false, since }
    holds.set(query, hold)
    try {
      const state = await touch(asked, marks, now)
      hold.isResend = state.sessionAt > 0
      return state
    } catch (error) {
      // it may have been reserved though nobody heard of it
      if (takeHold(query) !== undefined) behind(adjust(asked, marks, null, false))
      throw error
    }
  }

  /** What was reserved is what was decided on: the state was read in the same step. */
  function settleHold(hold: Hold, demand: Demand, now: number): boolean {
    for (let i = 0; i < LINES.length; i++)
      if ((demand.costs[i] as number) > (hold.costs[i] as number)) return false
    if (demand.priceMicroUsd !== hold.price) return false
    const opens = demand.opensSession
    const same = opens && demand.costs.every((cost, i) => cost === hold.costs[i])
    if (!same) behind(adjust(hold.asked, hold.marks, marksOf(hold.asked, demand, hold.id, now)))
    return true
  }

  async function chargeApart(query: Query, demand: Demand, now: number): Promise<boolean> {
    const asked = askedFor(query)
    const { ceilings = UNLIMITED, throttled } = demand
    // the arrays are the caller's until his next decision
    const costs = demand.costs.slice()
    const limits = ceilings.slice()
    const marks = marksOf(asked, demand, newId(), now)
    const state = await touch(asked, marks, now)
    const within =
      !throttled || query.throttles.every(({ limit }, i) => (state.throttled[i] ?? 0) < limit)
    if (within && fitsUnder(state, costs, limits)) return true
    await adjust(asked, marks, null)
    return false
  }

  async function append(jobs: readonly Job[]): Promise<void> {
    await Promise.all(
      groupsOf(jobs, client.isCluster).map(async (group) => {
        const own = group.map((i) => jobs[i] as Job)
        const keys = own.map(({ key }) => key)
        const args: (string | Buffer)[] = []
        const caps: string[] = []
        for (const job of own) {
          args.push(job.event, String(job.ttlMs), String(job.caps.length))
          if (job.caps.length === 0) continue
          args.push(String(job.earned), String(job.lost), job.surplusLost ? '1' : '0')
          for (const { key, max } of job.caps)
            args.push(String(keys.length + caps.push(key)), String(max))
        }
        bases.take(keys, args)
        const head = headOf(bases.stamp(), 0)
        await client.run(SETTLE, [...keys, ...caps], [String(keys.length), head, ...args])
      }),
    )
  }

  async function settle(settlement: Settlement, now: number): Promise<void> {
    const plan = planFor(settlement.layout)
    const { outcome, moves } = settlement
    let resent = false
    if (outcome?.what === 'lost' || outcome?.what === 'late') {
      const number = moves.find(({ line }) => line === 'number')
      if (number !== undefined)
        resent = wasResent(outcome, await owedAfter(settlement, number, now))
    }
    await append(jobsOf({ naming, plan, settlement, now, id: newId(), resent, retentionMs }))
  }

  /** What a number will owe after its move. */
  async function owedAfter(
    { service, layout }: Settlement,
    { key, reserved, lost, since }: Move,
    now: number,
  ): Promise<number> {
    const query: Query = {
      ...{ service, layout, country: '', subscriber: -1, sources: [], throttles: [] },
      keys: SUBJECTS.map((_, i) => (i === NUMBER ? key : '')),
    }
    const { lines } = await gather(query, now)
    const at = NUMBER * LINE_WIDTH
    const owed = (lines[at + 1] as number) + (lines[at + 4] as number)
    return owed + reserved + (lost < 0 ? lost * decay(now - since, FAST_HALF_LIFE_MS) : lost)
  }

  const sweep = setInterval(() => {
    const old = performance.now() - FORGOTTEN_MS
    for (const [query, hold] of holds) {
      if (hold.since > old) break
      holds.delete(query)
      giveBack(hold)
    }
  }, FORGOTTEN_MS).unref()

  return {
    gather,
    gatherAndReserve,

    release(query) {
      const hold = takeHold(query)
      if (hold !== undefined) giveBack(hold)
    },

    charge(query, demand, now) {
      const hold = takeHold(query)
      if (hold !== undefined) {
        if (settleHold(hold, demand, now)) return true
        giveBack(hold)
      }
      return chargeApart(query, demand, now)
    },

    count(query, now) {
      const hold = takeHold(query)
      if (hold !== undefined) {
        const { asked, marks, id } = hold
        const instead = hold.isResend ? null : marksOf(asked, ASKED, id, now)
        return behind(adjust(asked, marks, instead))
      }
      const countAsked = async (): Promise<void> => {
        // a resend of what was sent counts nowhere: people ask again
        const isResend = resends.get(query) ?? (await gather(query, now)).sessionAt > 0
        const asked = askedFor(query)
        if (!isResend) await touch(asked, marksOf(asked, ASKED, newId(), now), now)
      }
      if (resends.has(query)) behind(countAsked())
      else return countAsked()
    },

    settle,

    async healthy() {
      try {
        await client.everywhere('PING')
        return true
      } catch {
        return false
      }
    },
    intact: () => shards.intact(naming.seed),
    found: () => shards.found(),
    forget: () => shards.forget(),

    async close() {
      clearInterval(sweep)
      for (const [query, hold] of holds) {
        holds.delete(query)
        giveBack(hold)
      }
      await Promise.all([...atWork, done()])
      await client.close()
    },
  }
}
