// One case of the engine bench, in a process of its own: node bench/engine-case.mjs <case> <records>
import { randomInt } from 'node:crypto'
import { compileService } from '../dist/engine/compile.js'
import { decide } from '../dist/engine/decide.js'
import { DEFAULT_SERVICE } from '../dist/engine/defaults.js'
import { createDetector } from '../dist/engine/detect/detector.js'
import { queryOf } from '../dist/engine/keys.js'
import { createKnowledge } from '../dist/engine/knowledge.js'
import { LINES } from '../dist/engine/policy.js'
import { movesOf } from '../dist/engine/settle.js'
import { memoryLines } from '../dist/lines/memory/memory.js'
import { rangeKeysOf } from '../dist/verify/seen.js'
import { PRICE, factsOf as personOf, seeded } from './people.mjs'

const [name = 'decide', recordsText = '1000000'] = process.argv.slice(2)
const RECORDS = Number(recordsText)
const DECISIONS = 400_000
const BATCH = 1_000
const SERVICE = 'signup'
let now = 1_795_000_000_000

/** Seeded, so that every case sees the same people. */
const random = seeded(20_261_121)
/** Without a session: one line fewer, as where an application names none. */
const factsOf = (i) => personOf(i, null)

const norms = {
  p: 0.7,
  pLow: 0.65,
  countryHourlyMicroUsd: 1e12,
  operatorHourlyMicroUsd: 1e12,
  serviceHourlyMicroUsd: 1e12,
  abroadHourlyMicroUsd: 0,
}
const service = compileService({ ...DEFAULT_SERVICE, mode: 'enforce', markets: ['NG'] }, [
  { scope: 'service', period: 'day', limitMicroUsd: 1e15 },
  { scope: 'global', period: 'month', limitMicroUsd: 1e15 },
])

const knowledge = createKnowledge({
  priorOf: () => 0.7,
  maturityMs: () => 120_000,
  inMarket: () => true,
})
const detector = createDetector({ conversionOf: () => 0.7, maturityOf: () => 120_000 })

const cpu = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

function engine() {
  globalThis.gc?.()
  const before = process.memoryUsage()
  const store = memoryLines({ capacity: 40_000_000, seed: 1 })
  let last = 0
  const once = (facts, settleIt) => {
    const query = queryOf(facts, service, facts.number.e164)
    const gathered = store.gather(query, now)
    const weighed = knowledge.weigh(facts, gathered.counters, now)
    const facing = detector.facing(rangeKeysOf(facts), now)
    const sense = { weighed, facing, learned: true }
    const { demand } = decide(facts, service, query, gathered, norms, sense, now)
    if (demand === null || !store.charge(query, demand, now)) return false
    if (settleIt) settle(query, demand.costs)
    return true
  }
  const settle = (query, costs) => {
    const lines = []
    for (let i = 0; i < LINES.length; i++)
      if (costs[i] > 0) lines.push({ line: LINES[i], key: query.keys[i], cost: costs[i] })
    const charge = { lines, sources: [], opensSession: true, unitMicroUsd: PRICE }
    const moves = movesOf(charge, 'reserved', 'earned', service, {
      since: now,
      now,
      meanPerBlock: 1,
    })
    store.settle(
      {
        service: SERVICE,
        layout: service.layout,
        moves,
        outcome: { what: 'verified', delayMs: 20_000 },
        verified: null,
        refund: null,
        lostFirst: null,
      },
      now,
    )
  }
  while (store.stats().records < RECORDS) {
    for (let k = 0; k < 500; k++) once(factsOf(last++), true)
    now += 200
  }
  globalThis.gc?.()
  const after = process.memoryUsage()
  const { records, bytes } = store.stats()
  const held = after.rss - before.rss
  let allowed = 0
  let micros = 0
  let wall = 0
  for (let done = 0; done < DECISIONS; done += BATCH) {
    // facts are as fresh as a parser leaves them; the people asked are spread over all there are, so that every record
    // is as likely to be touched
    const batch = Array.from({ length: BATCH }, () => factsOf(Math.floor(random() * last)))
    const demands = []
    const c = cpu()
    const t = process.hrtime.bigint()
    for (const facts of batch)
      if (once(facts, false)) {
        allowed++
        demands.push(facts)
      }
    wall += Number(process.hrtime.bigint() - t)
    micros += cpu() - c
    // outcomes come between batches: they are not part of a decision
    for (const facts of demands) {
      const query = queryOf(facts, service, facts.number.e164)
      settle(
        query,
        LINES.map((_, i) => (query.keys[i] === '' ? 0 : i < 6 ? PRICE : 1)),
      )
    }
    // a person comes back every half hour or later, however few there are
    now += Math.max(60_000, (BATCH / last) * 1_800_000)
  }
  return {
    perSecond: (DECISIONS / wall) * 1e9,
    cpuMicros: micros / DECISIONS,
    records,
    bytesPerRecord: bytes / records,
    rssPerRecord: held / records,
    allowedShare: allowed / DECISIONS,
  }
}

/** The naive store: a Map of objects, fifteen two-bucket counters of five entities. */
function naiveMap() {
  const map = new Map()
  const hit = (key, window) => {
    const at = Math.floor(now / window)
    let c = map.get(key)
    if (c === undefined) {
      c = { window: at, current: 0, previous: 0 }
      map.set(key, c)
    }
    if (c.window !== at) {
      c.previous = c.window === at - 1 ? c.current : 0
      c.current = 0
      c.window = at
    }
    c.current++
    return c.current + c.previous * (1 - (now % window) / window)
  }
  const once = (f) => {
    let worst = 0
    for (const key of [
      f.number.e164,
      f.source.ip,
      f.context.deviceId,
      f.number.block,
      f.source.subnetKey,
    ]) {
      worst = Math.max(
        worst,
        hit(`m:${key}`, 60_000),
        hit(`h:${key}`, 3_600_000),
        hit(`d:${key}`, 86_400_000),
      )
    }
    return worst < 1e9
  }
  let last = 0
  while (map.size < RECORDS) for (let k = 0; k < 500; k++) once(factsOf(last++))
  return timed(last, once)
}

async function rateLimiterFlexible() {
  const { RateLimiterMemory } = await import('rate-limiter-flexible')
  const limiters = [
    [
      new RateLimiterMemory({ keyPrefix: 'phone', points: 5, duration: 3_600 }),
      (f) => f.number.e164,
    ],
    [new RateLimiterMemory({ keyPrefix: 'ip', points: 10, duration: 3_600 }), (f) => f.source.ip],
    [
      new RateLimiterMemory({ keyPrefix: 'device', points: 5, duration: 3_600 }),
      (f) => f.context.deviceId,
    ],
  ]
  const swallow = () => null
  const once = (f) =>
    Promise.all(limiters.map(([limiter, key]) => limiter.consume(key(f), 1).catch(swallow)))
  let wall = 0
  let micros = 0
  for (let done = 0; done < DECISIONS; done += BATCH) {
    const batch = Array.from({ length: BATCH }, () => factsOf(Math.floor(random() * 166_000)))
    const c = cpu()
    const t = process.hrtime.bigint()
    for (const facts of batch) await once(facts)
    wall += Number(process.hrtime.bigint() - t)
    micros += cpu() - c
  }
  return { perSecond: (DECISIONS / wall) * 1e9, cpuMicros: micros / DECISIONS }
}

function timed(last, once) {
  let wall = 0
  let micros = 0
  for (let done = 0; done < DECISIONS; done += BATCH) {
    const batch = Array.from({ length: BATCH }, () => factsOf(Math.floor(random() * last)))
    const c = cpu()
    const t = process.hrtime.bigint()
    for (const facts of batch) once(facts)
    wall += Number(process.hrtime.bigint() - t)
    micros += cpu() - c
  }
  return { perSecond: (DECISIONS / wall) * 1e9, cpuMicros: micros / DECISIONS }
}

async function rawGate() {
  const { createBenchGate } = await import('./gate-fixture.mjs')
  const { gate, core, close } = await createBenchGate(name === 'gate' ? 'memory' : 'sqlite')
  const people = Array.from({ length: 100_000 }, (_, i) => {
    const f = factsOf(i)
    return {
      service: SERVICE,
      to: f.number.e164,
      ip: f.source.ip,
      deviceId: f.context.deviceId,
      accountId: f.context.accountId,
      apiKeyId: 'key',
    }
  })
  const total = 200_000
  const run = async (n) => {
    for (let k = 0; k < n; k++) {
      const request = people[randomInt(people.length)]
      if (name === 'core') await core.evaluate(request, core.policy.service(SERVICE), Date.now())
      else await gate.decide(request)
      // a server takes a turn of its event loop now and then: so does this loop
      if (k % 200 === 199) await new Promise(setImmediate)
    }
  }
  await run(50_000)
  const c = cpu()
  const t = process.hrtime.bigint()
  await run(total)
  const wall = Number(process.hrtime.bigint() - t)
  const micros = cpu() - c
  await close()
  return { perSecond: (total / wall) * 1e9, cpuMicros: micros / total }
}

const CASES = {
  decide: engine,
  map: naiveMap,
  flexible: rateLimiterFlexible,
  core: rawGate,
  gate: rawGate,
  'gate-sqlite': rawGate,
}
console.log(JSON.stringify(await CASES[name]()))
