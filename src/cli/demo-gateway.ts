import { policyOf } from '../demo/business.js'
import { createPhones } from '../demo/phones.js'
import { type Event, PROGRAMME } from '../demo/programme.js'
import { run } from '../demo/run.js'
import { createSimulation, type SimulationOptions } from '../demo/simulation.js'
import { createDemoClock } from '../demo/timeline.js'
import type { Change } from '../engine/detect/change.js'
import { DAY, HOUR, SECOND } from '../engine/units.js'
import { createMetrics } from '../http/metrics.js'
import { MOST_CONNECTIONS } from '../http/socket.js'
import type { PlatformName } from '../lab/scenarios/platforms.js'
import type { Ledger } from '../ledger/port.js'
import { openSqliteLedger } from '../ledger/sqlite/open.js'
import { examplePrices } from '../phone/prices.js'
import { createSender } from '../send/sender.js'
import { type Composed, compose } from '../verify/compose.js'
import { secureRandom } from '../verify/random.js'
import { startUpkeep } from '../verify/upkeep.js'
import type { Config } from './config.js'
import { type Front, openFront } from './front.js'
import { checkedPolicy } from './policy-file.js'
import { VERSION } from './version.js'

export interface DemoOptions {
  host: string
  /** 0 takes a free one */
  port: number
  /** simulated time over real time */
  speed: number
  platform?: PlatformName
  /** what happens after the history; none: normal days only @default the programme */
  events?: readonly Event[]
  /** days of history @default as many as this machine plays in some seconds */
  historyDays?: number
  /** people's sessions on a mean day @default 4,000, fewer on a slow machine */
  sessionsPerDay?: number
  /** @default 1 */
  seed?: number
  /** Unix ms: where history ends */
  now: number
  /** monotonic, ms */
  realNow: () => number
  logLevel?: Config['log']['level']
  /** told how far history is, 0 to 1 */
  onHistory?: (done: number, requests: number) => void
  /** told what happens in the simulation, at its time */
  onEvent?: (event: Event, what: 'begins' | 'ends', at: number) => void
  /** told what the gate notices */
  onChange?: (change: Change, at: number) => void
}

export interface Demo {
  url: string
  front: Front
  parts: Composed
  historyDays: number
  requests(): number
  clock: () => number
  /** Plays on as fast as it goes, for those who do not want to wait. Not beside `live`. */
  playFor(ms: number): Promise<void>
  /** Lets time pass at the demo's speed from now on. @returns rejects when the simulation breaks down */
  live(): Promise<never>
  /** Everything is gone after it: nothing was ever written. */
  close(): Promise<void>
}

/** At most a third of the laboratory's platform, which a usual machine plays a day of in two seconds; at least what tells an attack. */
const PEOPLE_PER_DAY = { least: 1_500, most: 4_000 }
/** History may take so long, ms of real time. */
const HISTORY_BUDGET_MS = 12_000
const HISTORY_DAYS = { least: 2, most: 7 }
/** Played against a gate of its own to learn how fast this machine is. */
const TRIAL_MS = 3 * HOUR
/** With those who ask for their code again. */
const REQUESTS_PER_SESSION = 1.1
/** Real time before the first event and between two: as long as somebody looks at a normal day before it bores. */
const FIRST_MS = 30 * SECOND
const QUIET_MS = 75 * SECOND
/** Records of longer ago are deleted: a demo left alone for days must not fill the memory. */
const KEPT_MS = 14 * DAY
const CAPACITY = 1_000_000
/** Names as a bill would have them; both are simulated. */
const PROVIDERS = ['simulated-sms', 'simulated-backup']
/** A simulation's time runs ahead: half an hour of it is a minute, which is no time to be signed out after. */
const DEMO_SESSIONS = { idleMs: 3_650 * DAY, lifetimeMs: 3_650 * DAY }
const UPKEEP_LEAST_MS = SECOND
/** An hour of history has fewer rows. */
const ROLL_UP_ROWS = 10_000

/** A gateway with nothing behind it: ledger in memory, telephones simulated, a clock that those who play it move. */
async function openGate(from: number, platform: PlatformName, onChange: (change: Change) => void) {
  const clock = createDemoClock(from)
  const phones = createPhones(clock.now)
  const policyText = policyOf(platform)
  let gate: Composed['gate'] | null = null
  const metrics = createMetrics(() => Object.keys(gate?.policy.policy.services ?? {}))
  const sender = metrics.meter(
    createSender({ providers: PROVIDERS.map((name) => phones.provider(name)) }),
  )
  const ledger = await openSqliteLedger({ file: ':memory:', numbers: 'clear', commitDelayMs: 0 })
  const parts = await compose({
    policy: checkedPolicy(policyText, 'demo').policy,
    policyText,
    policyBy: 'demo',
    sender,
    ledger,
    lines: { capacity: CAPACITY },
    clock: clock.now,
    upkeep: false,
    onChange,
  })
  gate = parts.gate
  return { clock, phones, metrics, sender, ledger: ledger as Ledger, parts }
}

interface Size {
  historyDays: number
  sessionsPerDay: number
}

/**
 * As much history as this machine plays in the time for it, by a trial on a gate that is thrown away: more days on a fast
 * one, fewer people on a slow one.
 */
async function sizeOf(options: DemoOptions): Promise<Size> {
  const { sessionsPerDay = PEOPLE_PER_DAY.most } = options
  if (options.historyDays !== undefined) return { historyDays: options.historyDays, sessionsPerDay }
  const platform = options.platform ?? 'west-africa'
  const liveFrom = options.now
  const gate = await openGate(liveFrom - TRIAL_MS, platform, () => undefined)
  const simulation = createSimulation({
    ...gate,
    ...{ gate: gate.parts.gate, platform, sessionsPerDay, liveFrom, seed: 0 },
    ...{ events: [], firstMs: 0, quietMs: 0, eveMs: 0, newcomers: false },
  })
  const began = options.realNow()
  await simulation.playTo(liveFrom)
  await simulation.settled()
  const eachMs = (options.realNow() - began) / Math.max(1, simulation.asked())
  await gate.parts.close()
  const sessions = HISTORY_BUDGET_MS / (eachMs * REQUESTS_PER_SESSION)
  const { least, most } = HISTORY_DAYS
  const historyDays = Math.max(least, Math.min(most, Math.floor(sessions / sessionsPerDay)))
  if (options.sessionsPerDay !== undefined) return { historyDays, sessionsPerDay }
  const people = Math.max(PEOPLE_PER_DAY.least, Math.floor(sessions / historyDays))
  return { historyDays, sessionsPerDay: Math.min(PEOPLE_PER_DAY.most, people) }
}

/** A whole gateway on simulated traffic, some days of it behind it. Nothing is read or written outside this process. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { platform = 'west-africa', speed, realNow, events = PROGRAMME } = options
  const { onHistory, onEvent } = options
  const { historyDays, sessionsPerDay } = await sizeOf(options)
  const liveFrom = options.now
  const from = liveFrom - historyDays * DAY
  let tell: (change: Change) => void = () => undefined
  const { clock, phones, metrics, sender, ledger, parts } = await openGate(
    from,
    platform,
    (change) => tell(change),
  )
  try {
    const front = await openFront({
      parts,
      metrics,
      sender,
      clock: clock.now,
      random: secureRandom(),
      prices: examplePrices(),
      server: {
        host: options.host,
        port: options.port,
        trustProxies: [],
        publicUrl: null,
        openMetrics: true,
        maxConnections: MOST_CONNECTIONS,
        requestsPerSecond: 2_000,
      },
      logLevel: options.logLevel ?? 'silent',
      signIn: DEMO_SESSIONS,
      deployment: {
        version: VERSION,
        publicUrl: null,
        policyFile: null,
        configFile: null,
        data: 'memory: gone when this process ends',
        providers: PROVIDERS.map((name) => ({ name, type: 'simulated', receipts: true })),
        numbers: 'clear',
        trustProxies: [],
        retention: { requestsMs: KEPT_MS, verificationsMs: KEPT_MS },
        allowPrivateSinks: true,
        rates: {},
        simulation: true,
      },
    })
    tell = (change) => {
      front.changed(change)
      options.onChange?.(change, clock.now())
    }
    const settings: SimulationOptions = {
      ...{ gate: parts.gate, clock, phones, platform, sessionsPerDay, liveFrom, events },
      ...{ firstMs: FIRST_MS * speed, quietMs: QUIET_MS * speed, seed: options.seed ?? 1 },
      ...(onEvent !== undefined && { happens: onEvent }),
    }
    const simulation = createSimulation(settings)
    for (let at = from + HOUR; at <= liveFrom; at += HOUR) {
      await simulation.playTo(at)
      await ledger.rollUp(ROLL_UP_ROWS, at)
      onHistory?.((at - from) / (liveFrom - from), simulation.asked())
    }
    await simulation.settled()
    while ((await ledger.rollUp(ROLL_UP_ROWS, clock.now())) >= ROLL_UP_ROWS);
    const url = await front.listen()
    const jobs = [
      ...front.desk.jobs,
      {
        everyMs: HOUR,
        run: () => ledger.retain({ requests: KEPT_MS, verifications: KEPT_MS }, clock.now()),
      },
    ]
    const stopJobs = startUpkeep(
      // hourly work comes every two minutes when an hour takes no longer; nothing is done more often than needed to look alive
      jobs.map(({ everyMs, run }) => ({
        everyMs: Math.max(UPKEEP_LEAST_MS, everyMs / speed),
        run,
      })),
      front.report,
    )
    let pace: ReturnType<typeof run> | null = null
    return {
      url,
      front,
      parts,
      historyDays,
      requests: simulation.asked,
      clock: clock.now,
      async playFor(ms) {
        await simulation.playTo(clock.now() + ms)
        await simulation.settled()
      },
      live() {
        pace ??= run({ simulation, clock, speed, realNow })
        return pace.failed
      },
      async close() {
        await pace?.stop()
        await stopJobs()
        await front.close()
        await parts.close()
      },
    }
  } catch (error) {
    await parts.close()
    throw error
  }
}
