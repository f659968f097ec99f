// One server of the HTTP bench: node bench/http-server.mjs fastify|layer|unrecorded|tollgate|tutorial|plugin|plugin-redis. Prints its port, and on
// SIGUSR2 its CPU time. `layer` answers every request with one decision made before; `unrecorded` decides and keeps nothing.
import { randomBytes, randomUUID } from 'node:crypto'
import Fastify from 'fastify'

const [kind = 'tollgate'] = process.argv.slice(2)
const REDIS_PORT = Number(process.env.BENCH_REDIS_PORT ?? 6399)

const body = {
  type: 'object',
  additionalProperties: false,
  required: ['service', 'to'],
  properties: {
    service: { type: 'string', maxLength: 64 },
    to: { type: 'string', maxLength: 64 },
    context: {
      type: 'object',
      additionalProperties: false,
      properties: {
        ip: { type: 'string', maxLength: 64 },
        deviceId: { type: 'string', maxLength: 256 },
        accountId: { type: 'string', maxLength: 256 },
        userAgent: { type: 'string', maxLength: 512 },
      },
    },
  },
}
const answer = {
  200: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      verdict: { type: 'string' },
      score: { type: 'integer' },
      reasons: { type: 'array', items: { type: 'string' } },
    },
  },
}

/** Bare Fastify with the same request schema and a small answer. */
function bare() {
  const app = Fastify({ logger: false })
  app.post('/v1/decisions', { schema: { body, response: answer } }, async () => ({
    id: randomUUID(),
    verdict: 'allow',
    score: 0,
    reasons: [],
  }))
  return app
}

/** The limiter of the tutorials: INCR, then EXPIRE on a new key, for number, address and device. */
async function tutorial() {
  const { Redis } = await import('ioredis')
  const redis = new Redis({ port: REDIS_PORT, host: '127.0.0.1' })
  const hit = async (key) => {
    const n = await redis.incr(key)
    if (n === 1) await redis.expire(key, 3_600)
    return n
  }
  const app = Fastify({ logger: false })
  app.post('/v1/decisions', { schema: { body, response: answer } }, async (request) => {
    const { to, context } = request.body
    const [phone, ip, device] = await Promise.all([
      hit(`phone:${to}`),
      hit(`ip:${context.ip}`),
      hit(`device:${context.deviceId}`),
    ])
    const allow = phone <= 5 && ip <= 10 && device <= 5
    return {
      id: randomUUID(),
      verdict: allow ? 'allow' : 'deny',
      score: 0,
      reasons: allow ? [] : ['limit'],
    }
  })
  return app
}

/** The limiter that Fastify's own documentation names, by address, in the process or on the Redis. */
async function plugin(shared) {
  const { default: rateLimit } = await import('@fastify/rate-limit')
  const { Redis } = await import('ioredis')
  const app = Fastify({ logger: false })
  await app.register(rateLimit, {
    // after the body is read: the address of the person is in it
    hook: 'preHandler',
    keyGenerator: ({ body: { context } }) => context.ip,
    max: 1_000,
    timeWindow: 3_600_000,
    // its store's default, 5,000, forgets whoever was not among the last ones
    cache: 1_000_000,
    ...(shared && { redis: new Redis({ port: REDIS_PORT, host: '127.0.0.1' }) }),
  })
  app.post('/v1/decisions', { schema: { body, response: answer } }, async () => ({
    id: randomUUID(),
    verdict: 'allow',
    score: 0,
    reasons: [],
  }))
  return app
}

async function tollgate(part) {
  const { createBenchGate } = await import('./gate-fixture.mjs')
  const { createServer } = await import('../dist/http/server.js')
  const { createKey } = await import('../dist/http/keys.js')
  const { gate, ledger, sender } = await createBenchGate('sqlite')
  const { row } = createKey({
    name: 'bench',
    scopes: ['*'],
    now: Date.now(),
    random: randomBytes,
    id: 'bench',
    secret: 'bench-secret',
  })
  await ledger.putKey(row)
  if (part === 'unrecorded') ledger.append = () => undefined
  const asked = { service: 'signup', to: '+2348031234567', ip: '105.10.0.1', deviceId: 'device-1' }
  const constant = part === 'layer' ? await gate.decide(asked) : null
  return createServer({
    gate: constant === null ? gate : { ...gate, policy: gate.policy, decide: async () => constant },
    ledger,
    sender,
    random: randomBytes,
    requestsPerSecond: 1e9,
    log: false,
  })
}

const servers = {
  fastify: bare,
  layer: () => tollgate('layer'),
  unrecorded: () => tollgate('unrecorded'),
  tollgate: () => tollgate('all'),
  tutorial,
  plugin: () => plugin(false),
  'plugin-redis': () => plugin(true),
}
const app = await servers[kind]()
await app.listen({ port: 0, host: '127.0.0.1' })
console.log(app.server.address().port)
process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage()
  console.log(user + system)
})
process.on('SIGTERM', () => process.exit(0))
