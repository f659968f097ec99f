import { randomInt } from 'node:crypto'
import { decay, FAST_HALF_LIFE_MS } from '../../engine/line.js'
import { LINES, SUBJECTS } from '../../engine/policy.js'
import { CARRIES_FROM_MS, rangesCarried, unitOf } from '../../engine/readings.js'
import { leftOnRanges } from '../../engine/settle.js'
import {
  type Demand,
  type Gathered,
  type Layout,
  LINE_WIDTH,
  type LostFirst,
  type Move,
  type Query,
  type Settlement,
} from '../../engine/state.js'
import { DAY, SECOND } from '../../engine/units.js'
import { released } from '../degraded/journal.js'
import { wasResent } from '../memory/outcome-counters.js'
import { ASKED } from '../memory/record-access.js'
import { msOf, secondsOf } from '../memory/records.js'
import type { SharedLineStore } from '../port.js'
import { adjusting } from './adjusting.js'
import { type Asked, askedOf } from './asked.js'
import { Bases } from './bases.js'
import { type Charged, type Hold, type Left, type Marks, marksOf } from './charging.js'
import { openClient } from './client.js'
import { type Plan, planOf } from './entities.js'
import { ENDS, FAILS, idOf, refundEvent } from './events.js'
import { evictionOf } from './eviction.js'
import { Holds } from './holds.js'
import { jobsOf } from './jobs.js'
import { Outstanding } from './outstanding.js'
import { fitsUnder } from './read.js'
import type { Reading } from './reading.js'
import { settling } from './settling.js'
import { markedShards } from './shard.js'
import { touching } from './touching.js'
import { parseUrl } from './url.js'

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
const sessionOf = (state: Gathered): { sessionAt: number; carried: number } => ({
  sessionAt: state.sessionAt,
  carried: rangesCarried(state),
})
/** From when on a session may have carried another message, ms: half of the second, for clocks that differ. */
const RIDDEN_FROM_MS = (CARRIES_FROM_MS - SECOND) / 2
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
  const client = await openClient(parseUrl(options.url), { connectMs, commandMs, prefix, onError })
  const shards = markedShards(client, prefix, options.seed ?? randomInt(0x1_0000_0000))
  const evicts = await evictionOf(client)
  if (evicts !== null) onError(new Error(evicts))
  const seed =
    options.seed ??
    (await shards.seed().catch(async (error: unknown) => {
      // an open connection would keep a process alive that has failed to start
      await client.close()
      throw error
    }))
  const plans = new WeakMap<Layout, Plan>()
  const bases = new Bases(randomInt(0x1_0000_0000), retentionMs)
  const { touch, done: touched } = touching(client, bases)
  const { adjust, done: adjusted } = adjusting(client, bases)
  const { append, done: settled } = settling(client, bases)
  const holds = new Holds(HOLDS)
  /** the session that requests were decided in, and what it carried then */
  const sessions = new WeakMap<Query, { sessionAt: number; carried: number }>()
  const atWork = new Outstanding()
  let lastSend: Charged = { ...ASKED, priceMicroUsd: Number.NaN }
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
  const askedFor = (query: Query): Asked => askedOf(query, planFor(query.layout), seed)

  /** What the first send of a session costs; the last price's, which is mostly the next one's too. */
  function firstSend(priceMicroUsd: number): Charged {
    if (lastSend.priceMicroUsd !== priceMicroUsd) {
      const costs = LINES.map((_, line) => unitOf(line, priceMicroUsd))
      lastSend = { costs, priceMicroUsd, opensSession: true, carried: false, as: 'send' }
    }
    return lastSend
  }

  /** Work that no request waits for. */
  function behind(work: Promise<unknown>): void {
    atWork.begin()
    void work.catch(onError).finally(() => atWork.end())
  }

  /** Puts the marks of another demand, or none, in the place of those that a request has left. */
  const replace = ({ asked, marks }: Left, instead: Marks | null, isSure: boolean): Promise<void> =>
    adjust(
      asked.slots.flatMap((name, i) => {
        const before = marks.of[i] ?? null
        const after = instead?.of[i] ?? null
        if (before === null || after?.equals(before)) return []
        return [{ name, before, after, isSure }]
      }),
    )

  /** The same for what a request holds; never before it is known whether it was reserved. */
  const replaceHeld = (hold: Hold, instead: Marks | null): Promise<void> =>
    hold.reserved.then(
      () => replace(hold, instead, true),
      // perhaps it was, though nobody heard of it
      () => replace(hold, instead, false),
    )

  /** Its state was the caller's to read until his next `await`. */
  const reuse = (reading: Reading, { plan }: Asked): void => void plan.idle.push(reading)

  const takeHold = (query: Query): Hold | undefined => {
    const hold = holds.take(query)
    if (hold !== undefined && hold.reading !== null) reuse(hold.reading, hold.asked)
    return hold
  }

  /**
   * Nothing comes of what is held. Whoever stood still meanwhile, by a stalled event loop or store, finds first whether the
   * session that it opened has carried another message, which then stays on the ranges.
   * @param instead what the request leaves all the same
   */
  function undo(hold: Hold, instead: Marks | null = null): Promise<void> {
    const { asked, demand, at, since, reading } = hold
    const age = performance.now() - since
    const opened = reading !== null && sessions.get(asked.query)?.sessionAt === 0
    return opened && age >= RIDDEN_FROM_MS
      ? settle(released(asked.query, demand, at), at + age)
      : replaceHeld(hold, instead)
  }

  const giveBack = (hold: Hold): void => behind(undo(hold))

  async function gather(query: Query, now: number): Promise<Gathered> {
    const asked = askedFor(query)
    const { state } = await touch(asked, null, now)
    sessions.set(query, sessionOf(state))
    return state
  }

  function reserve(query: Query, demand: Charged, now: number): Hold {
    const asked = askedFor(query)
    const marks = marksOf(asked, demand, newId(), now)
    const since = performance.now()
    const reserved = touch(asked, marks, now)
    return { asked, marks, demand, reserved, reading: null, at: now, since }
  }

  /** What was there before it was reserved. */
  async function readingOf(hold: Hold): Promise<Reading> {
    hold.reading = await hold.reserved
    sessions.set(hold.asked.query, sessionOf(hold.reading.state))
    return hold.reading
  }

  async function gatherAndReserve(
    query: Query,
    priceMicroUsd: number,
    now: number,
  ): Promise<Gathered> {
    if (holds.isFull) return gather(query, now)
    const hold = reserve(query, firstSend(priceMicroUsd), now)
    holds.add(hold)
    try {
      return (await readingOf(hold)).state
    } catch (error) {
      if (takeHold(query) !== undefined) giveBack(hold)
      throw error
    }
  }

  /** What was reserved is what was decided on: the state was read in the same step. */
  function settleHold(hold: Hold, demand: Demand, now: number): boolean {
    const { asked, marks, demand: held } = hold
    // the session that would carry it may have ended since
    if (demand.carried || demand.priceMicroUsd !== held.priceMicroUsd) return false
    let isSame = demand.opensSession
    for (let i = 0; i < LINES.length; i++) {
      const cost = demand.costs[i] as number
      if (cost > (held.costs[i] as number)) return false
      if (cost !== held.costs[i] && asked.query.keys[i] !== '') isSame = false
    }
    if (!isSame) behind(replaceHeld(hold, marksOf(asked, demand, marks.id, now)))
    return true
  }

  /** @param after what the request held, given back */
  async function chargeApart(
    query: Query,
    demand: Demand,
    now: number,
    after?: Promise<void>,
  ): Promise<boolean> {
    const { ceilings = UNLIMITED, spendCeilings, priceMicroUsd, throttled } = demand
    // the arrays are the caller's until his next decision
    const given = { ...demand, costs: demand.costs.slice() }
    const limits = ceilings.slice()
    const session = demand.carried ? sessions.get(query) : undefined
    await after
    const hold = reserve(query, given, now)
    const reading = await readingOf(hold).catch((error: unknown) => {
      // it may have been charged on some shards, or on all of them and not been heard
      giveBack(hold)
      throw error
    })
    const { state } = reading
    const within =
      !throttled || query.throttles.every(({ limit }, i) => (state.throttled[i] ?? 0) < limit)
    const fits =
      within &&
      // it may have ended since, or lost its first message
      (session === undefined ||
        (session.sessionAt === state.sessionAt && session.carried <= rangesCarried(state))) &&
      fitsUnder(state, given.costs, limits) &&
      spendCeilings.every((ceiling, i) => (state.spend[i] ?? 0) + priceMicroUsd <= ceiling)
    reuse(reading, hold.asked)
    if (!fits) await undo(hold)
    return fits
  }

  async function settle(given: Settlement, now: number): Promise<void> {
    const plan = planFor(given.layout)
    const { lostFirst } = given
    const carried = lostFirst !== null && (await loseFirst(given, lostFirst, now))
    const settlement =
      carried && lostFirst.leaves ? { ...given, moves: leftOnRanges(given.moves) } : given
    const { outcome, moves } = settlement
    let resent = false
    if (outcome?.what === 'lost' || outcome?.what === 'late') {
      const number = moves.find(({ line }) => line === 'number')
      if (number !== undefined)
        resent = wasResent(outcome, await owedAfter(settlement, number, now))
    }
    await append(jobsOf({ seed, plan, settlement, now, id: newId(), resent, retentionMs }))
  }

  /** What is kept of a number. @param event left there in the same step, `null` for none */
  async function ofNumber<T>(
    { service, layout }: Settlement,
    key: string,
    event: Buffer | null,
    now: number,
    read: (state: Gathered) => T,
  ): Promise<T> {
    const asked = askedFor({
      ...{ service, layout, country: '', subscriber: -1, sources: [], throttles: [] },
      keys: SUBJECTS.map((_, i) => (i === NUMBER ? key : '')),
    })
    const marks = event === null ? null : { of: asked.slots.map(() => event), id: idOf(event, 0) }
    const reading = await touch(asked, marks, now)
    const found = read(reading.state)
    reuse(reading, asked)
    return found
  }

  /**
   * What is left of a session that loses its first message; in one step, or another might come between that sees it as
   * it was. @returns whether it carried one
   */
  function loseFirst(
    settlement: Settlement,
    { numberKey, at, ends }: LostFirst,
    now: number,
  ): Promise<boolean> {
    const opened = secondsOf(at)
    const event = refundEvent(newId(), now, opened, ends ? ENDS : FAILS)
    const carried = ({ carriedAt }: Gathered): boolean => carriedAt >= msOf(opened)
    return ofNumber(settlement, numberKey, event, now, carried)
  }

  /** What a number will owe after its move. */
  async function owedAfter(
    settlement: Settlement,
    { key, reserved, lost, since }: Move,
    now: number,
  ): Promise<number> {
    const at = NUMBER * LINE_WIDTH
    const owed = await ofNumber(
      ...([settlement, key, null, now] as const),
      ({ lines }) => (lines[at + 1] as number) + (lines[at + 4] as number),
    )
    return owed + reserved + (lost < 0 ? lost * decay(now - since, FAST_HALF_LIFE_MS) : lost)
  }

  const sweep = setInterval(() => {
    for (const hold of holds.takeOlder(performance.now() - FORGOTTEN_MS)) giveBack(hold)
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
      if (hold === undefined) return chargeApart(query, demand, now)
      if (settleHold(hold, demand, now)) return true
      return chargeApart(query, demand, now, undo(hold))
    },

    count(query, now) {
      const hold = takeHold(query)
      if (hold !== undefined) {
        const { asked, marks } = hold
        const isResend = (sessions.get(query)?.sessionAt ?? 0) > 0
        return behind(undo(hold, isResend ? null : marksOf(asked, ASKED, marks.id, now)))
      }
      const countAsked = async (): Promise<void> => {
        // a resend of what was sent counts nowhere: people ask again
        const { sessionAt } = sessions.get(query) ?? (await gather(query, now))
        const isResend = sessionAt > 0
        const asked = askedFor(query)
        if (!isResend) await touch(asked, marksOf(asked, ASKED, newId(), now), now)
      }
      if (sessions.has(query)) behind(countAsked())
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
    intact: () => shards.intact(seed),
    found: () => shards.found(),
    forget: () => shards.forget(),

    async close() {
      clearInterval(sweep)
      for (const hold of holds.takeOlder(Number.POSITIVE_INFINITY)) giveBack(hold)
      await Promise.all([atWork.none(), touched(), adjusted(), settled()])
      await client.close()
    },
  }
}
