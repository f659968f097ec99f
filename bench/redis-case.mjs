// One case of the Redis bench, in a process of its own with a Redis of its own: node bench/redis-case.mjs <case>

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { people } from './people.mjs'

const [name = 'tollgate', secondsText = '3'] = process.argv.slice(2)
const SECONDS = Number(secondsText)
const IN_FLIGHT = 64
const ALONE = 1_500
const WARM_UP = 20_000
const port = 10_000 + (process.pid % 20_000)
const server = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no'], {
  stdio: 'ignore',
})
process.on('exit', () => server.kill('SIGKILL'))
const url = `redis://127.0.0.1:${port}`
const admin = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 50 })
admin.on('error', () => undefined)
await admin.ping()

const serverNanos = () =>
  Number(readFileSync(`/proc/${server.pid}/schedstat`, 'utf8').split(' ')[0] ?? 0)
const crowd = people(20_261_121)

async function contender() {
  if (name === 'tollgate' || name === 'memory') {
    const { createTollgate } = await import('./redis-tollgate.mjs')
    const { redisLines } = await import('../dist/lines/redis/redis.js')
    return createTollgate(await redisLines({ url }))
  }
  if (name === 'flexible') {
    const { RateLimiterRedis } = await import('rate-limiter-flexible')
    const limiters = [3, 10, 5].map(
      (points, i) =>
        new RateLimiterRedis({
          storeClient: admin,
          points: points * 1e6,
          duration: 3_600,
          keyPrefix: `f${i}`,
        }),
    )
    return {
      once: ({ number, source, context }) =>
        Promise.all(
          [number.e164, source.ipKey, context.deviceId].map((key, i) => limiters[i].consume(key)),
        ),
    }
  }
  // what tutorials show: count, and give the key an end when it is new
  const hit = async (key, seconds) => {
    const n = await admin.incr(key)
    if (n === 1) await admin.expire(key, seconds)
    return n
  }
  return {
    once: ({ number, source, context }) =>
      Promise.all([
        hit(`n:${number.e164}`, 600),
        hit(`i:${source.ipKey}`, 3_600),
        hit(`d:${context.deviceId}`, 3_600),
      ]),
  }
}

const one = await contender()
const used = async () => Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1])

async function load(milliseconds) {
  const end = performance.now() + milliseconds
  let done = 0
  const lane = async () => {
    while (performance.now() < end) {
      await one.once(crowd.next())
      done++
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  return done
}

/** Code that has been compiled: by count, since a busy machine compiles late. */
async function warmUp() {
  for (let done = 0; done < WARM_UP; ) done += await load(200)
}

async function measured() {
  await warmUp()
  await admin.config('RESETSTAT')
  const server0 = serverNanos()
  const client0 = process.cpuUsage()
  const began = performance.now()
  const done = await load(SECONDS * 1_000)
  const wall = performance.now() - began
  const client = process.cpuUsage(client0)
  const serverMicros = (serverNanos() - server0) / 1_000 / done
  const stats = await admin.info('commandstats')
  const calls = [...stats.matchAll(/cmdstat_(\w+):calls=(\d+)/g)]
    .filter(([, command]) =>
      name === 'tollgate' ? command === 'evalsha' : !['info', 'config|resetstat'].includes(command),
    )
    .reduce((sum, [, , n]) => sum + Number(n), 0)
  const times = []
  for (let i = 0; i < ALONE; i++) {
    const facts = crowd.next()
    const t = performance.now()
    await one.once(facts)
    times.push(performance.now() - t)
  }
  times.sort((a, b) => a - b)
  return {
    perSecond: (done / wall) * 1_000,
    p50Micros: (times[ALONE >> 1] ?? 0) * 1_000,
    p99Micros: (times[Math.floor(ALONE * 0.99)] ?? 0) * 1_000,
    serverMicros,
    clientMicros: (client.user + client.system) / done,
    callsEach: calls / done,
    allowedShare: one.allowed === undefined ? 1 : one.allowed() / (done + ALONE),
  }
}

/** Bytes of a value, which is a line with its windows, counts and counters, once every send is settled. */
async function memory() {
  const before = await used()
  const people_ = 20_000
  for (let from = 0; from < people_; from += 100) {
    const sent = await Promise.all(Array.from({ length: 100 }, () => one.once(crowd.next())))
    await Promise.all(sent.flatMap((s) => (s === null ? [] : [one.verified(s)])))
  }
  // what a line takes is what its key and value take; the tables of keys are Redis's own, and a day's caps are in hashes
  const scan = `local n, bytes, cursor = 0, 0, '0'
    repeat
      local found = redis.call('SCAN', cursor, 'COUNT', 1000, 'TYPE', 'string')
      cursor = found[1]
      for _, key in ipairs(found[2]) do n, bytes = n + 1, bytes + redis.call('MEMORY', 'USAGE', key) end
    until cursor == '0'
    return { n, bytes }`
  const [lines, bytes] = await admin.eval(scan, 0)
  return { bytesEach: bytes / lines, wholeEach: ((await used()) - before) / lines }
}

const result = name === 'memory' ? await memory() : await measured()
console.log(JSON.stringify(result))
process.exit(0)
