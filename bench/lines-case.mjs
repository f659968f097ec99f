// One case of the bench of many lines, in a process of its own: node --expose-gc bench/lines-case.mjs memory|redis <lines>. Fills a store
// with the lines of people who were sent a code and entered it, then asks for people out of all of them.
import { execFileSync } from 'node:child_process'
import { factsOf } from './people.mjs'
import { createTollgate } from './redis-tollgate.mjs'
import { startRedis } from './shared-stores.mjs'

const [kind = 'memory', linesText = '10000000'] = process.argv.slice(2)
const WANTED = Number(linesText)
const IN_FLIGHT = 64
const SECONDS = 5
const ALONE = 5_000
/** people who come before it is looked how many lines there are */
const BATCH = Math.min(6_400, Math.ceil(WANTED / 100))

const random = (() => {
  // mulberry32: every case asks for the same people
  let state = 20_261_121
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
})()

/** A store with what it holds: lines, and the bytes that they take. */
async function open() {
  globalThis.gc()
  if (kind === 'memory') {
    const { memoryLines } = await import('../dist/lines/memory/memory.js')
    const store = memoryLines({ capacity: Math.max(1_000_000, WANTED * 2), seed: 1 })
    return {
      store,
      held: () => ({ lines: store.stats().records, bytes: store.stats().bytes }),
      stop: async () => undefined,
    }
  }
  const { redisLines } = await import('../dist/lines/redis/redis.js')
  const redis = await startRedis()
  const { port } = new URL(redis.url)
  const ask = (...words) => execFileSync('redis-cli', ['-p', port, ...words], { encoding: 'utf8' })
  const used = () => Number(/used_memory:(\d+)/.exec(ask('info', 'memory'))[1])
  // what is measured is the store, and not the patience of its client
  const store = await redisLines({ url: redis.url, commandMs: 60_000, connectMs: 60_000 })
  const empty = used()
  return {
    store,
    held: () => ({ lines: Number(ask('dbsize')), bytes: used() - empty }),
    stop: async () => {
      await store.close()
      await redis.stop()
    },
  }
}

const { store, held, stop } = await open()
const tollgate = createTollgate(store)

/** Each person of a span is sent a code and enters it. */
async function visit(from, to) {
  let next = from
  const lane = async () => {
    while (next < to) {
      const sent = await tollgate.once(factsOf(next++))
      if (sent !== null) await tollgate.verified(sent)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
}

const filling = performance.now()
let people = 0
while (held().lines < WANTED) {
  await visit(people, people + BATCH)
  people += BATCH
}
const fillSeconds = (performance.now() - filling) / 1_000
globalThis.gc()
const { lines, bytes } = held()

const anybody = () => factsOf(Math.floor(random() * people))
async function load(milliseconds) {
  const end = performance.now() + milliseconds
  let done = 0
  const lane = async () => {
    while (performance.now() < end) {
      // what has no wait of its own asks a hundred times before it looks at the clock
      for (let i = 0; i < 100; i++) await tollgate.once(anybody())
      done += 100
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  return done
}

await load(1_000)
const began = performance.now()
const done = await load(SECONDS * 1_000)
const perSecond = (done / (performance.now() - began)) * 1_000
const times = []
for (let i = 0; i < ALONE; i++) {
  const facts = anybody()
  const asked = performance.now()
  await tollgate.once(facts)
  times.push((performance.now() - asked) * 1_000)
}
times.sort((a, b) => a - b)
await stop()
console.log(
  JSON.stringify({
    ...{ lines, people, bytes, bytesEach: bytes / lines, fillSeconds, perSecond },
    ...{ p50Micros: times[ALONE >> 1], p99Micros: times[Math.floor(ALONE * 0.99)] },
  }),
)
process.exit(0)
