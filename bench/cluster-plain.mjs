// Whole verifications on Redis and PostgreSQL as an application would write them with Fastify, ioredis and pg: three counters with
// their end, the rows of a request in one statement, the call of a provider; then the code is looked up, compared, and the rows
// are settled in one more. Every write is durable before the answer. No decision, no lines of credit, nothing validated or learned.
// node bench/cluster-plain.mjs <Redis> <PostgreSQL> <provider's port>. Prints its port.
import { randomBytes } from 'node:crypto'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import pg from 'pg'
import { createSend } from './plain-send.mjs'

const [redisUrl, postgresUrl, provider] = process.argv.slice(2)
const redis = new Redis(redisUrl)
const pool = new pg.Pool({ connectionString: postgresUrl, max: 10 })
const send = createSend(provider)
const facts = Array.from({ length: 30 }, (_, i) => `fact${i}`)

await pool.query(`
  create table if not exists plain_requests (seq bigint generated always as identity primary key, id text unique, credit text,
    settled bigint, ${facts.map((fact) => `${fact} text`).join()});
  create table if not exists plain_verifications (id text primary key, number text, code text, status text, context text);
  create table if not exists plain_sends (id text primary key, verification text, status text);
  create table if not exists plain_outcomes (seq bigint generated always as identity primary key, request text, kind text)`)

/** A statement that each connection plans once. */
const named = (name, text) => (values) => pool.query({ name, text, values })
const record = named(
  'record',
  `with r as (insert into plain_requests (id, credit, ${facts.join()})
       values ($1, 'reserved', ${facts.map((_, i) => `$${i + 5}`).join()})),
     v as (insert into plain_verifications values ($1, $2, $3, 'sent', $4))
   insert into plain_sends values ($1, $1, 'pending')`,
)
const sent = named('sent', "update plain_sends set status = 'sent' where id = $1")
const find = named('find', 'select * from plain_verifications where id = $1')
const settle = named(
  'settle',
  `with v as (update plain_verifications set status = 'verified' where id = $1),
     r as (update plain_requests set credit = 'earned', settled = $2 where id = $1)
   insert into plain_outcomes (request, kind) values ($1, 'verified')`,
)

async function count(key) {
  const times = await redis.incr(key)
  if (times === 1) await redis.expire(key, 3600)
}

const app = Fastify()
app.post('/v1/verifications', async ({ body: { to, code, context } }, reply) => {
  for (const key of [to, context.ip, context.deviceId]) await count(`plain:${key}`)
  const id = `ver_${randomBytes(16).toString('hex')}`
  await record([
    ...[id, to, code, JSON.stringify(context)],
    ...facts.map((fact) => `${fact} ${context.deviceId}`),
  ])
  await send({ to, body: `${code} is your code` })
  await sent([id])
  return reply.code(201).send({ id, status: 'sent', to })
})
app.post('/v1/verifications/:id/check', async ({ params: { id }, body: { code } }) => {
  const { rows } = await find([id])
  const verified = rows[0]?.code === code
  if (verified) await settle([id, Date.now()])
  return { id, verified }
})
await app.listen({ port: 0, host: '127.0.0.1' })
console.log(app.server.address().port)
process.on('SIGTERM', () => process.exit(0))
