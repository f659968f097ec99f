// The least that whole verifications take on Node.js: the same requests over Fastify, the same call of a provider and the same
// rows in SQLite, made durable before the answer; no decision, no lines, no checks, nothing validated or counted, one index.
// node bench/cluster-floor.mjs <file of the database> <provider's port>. Prints its port.
import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import Database from 'better-sqlite3'
import Fastify from 'fastify'
import { createSend } from './plain-send.mjs'

const [file, provider] = process.argv.slice(2)
const db = new Database(file)
db.pragma('journal_mode = wal')
db.pragma('synchronous = normal')
const facts = Array.from({ length: 30 }, (_, i) => `fact${i}`)
db.exec(`
  create table requests (seq integer primary key, id text unique, credit text, settled integer, ${facts.join()});
  create table verifications (id text primary key, number text, code text, status text, context text) without rowid;
  create table sends (id text primary key, verification text, status text) without rowid;
  create table outcomes (seq integer primary key, request text, kind text)`)
const insertRequest = db.prepare(
  `insert into requests (id, credit, ${facts.join()}) values (?, 'reserved', ${facts.map(() => '?').join()})`,
)
const insertVerification = db.prepare('insert into verifications values (?, ?, ?, ?, ?)')
const insertSend = db.prepare('insert into sends values (?, ?, ?)')
const updateSend = db.prepare('update sends set status = ? where id = ?')
const find = db.prepare('select * from verifications where id = ?')
const check = db.prepare("update verifications set status = 'verified' where id = ?")
const settle = db.prepare("update requests set credit = 'earned', settled = ? where id = ?")
const outcome = db.prepare('insert into outcomes (request, kind) values (?, ?)')
const [begin, commit] = ['begin immediate', 'commit'].map((text) => db.prepare(text))

const log = await open(`${file}-wal`, 'r+')
let waiting = []
let unsynced = []
let isSyncing = false

/** All that comes in one turn of the event loop is one transaction. */
const write = (work, isDurable) =>
  new Promise((done) => {
    if (waiting.push({ work, done, isDurable }) === 1) setImmediate(turn)
  })

function turn() {
  const jobs = waiting
  waiting = []
  begin.run()
  for (const { work } of jobs) work()
  commit.run()
  for (const { isDurable, done } of jobs) {
    if (isDurable) unsynced.push(done)
    else done()
  }
  sync()
}

async function sync() {
  if (isSyncing || unsynced.length === 0) return
  isSyncing = true
  const told = unsynced
  unsynced = []
  await log.datasync()
  isSyncing = false
  for (const done of told) done()
  sync()
}

const send = createSend(provider)
const app = Fastify()
app.post('/v1/verifications', async ({ body: { to, code, context } }, reply) => {
  const id = `ver_${randomBytes(16).toString('hex')}`
  await write(() => {
    insertRequest.run(id, ...facts.map((fact) => `${fact} ${context.deviceId}`))
    insertVerification.run(id, to, code, 'sent', JSON.stringify(context))
    insertSend.run(id, id, 'pending')
  }, true)
  await send({ to, body: `${code} is your code` })
  await write(() => updateSend.run('sent', id), false)
  return reply.code(201).send({ id, status: 'sent', to })
})
app.post('/v1/verifications/:id/check', async ({ params: { id }, body: { code } }) => {
  const verified = find.get(id)?.code === code
  if (verified)
    await write(() => {
      check.run(id)
      settle.run(Date.now(), id)
      outcome.run(id, 'verified')
    }, true)
  return { id, verified }
})
await app.listen({ port: 0, host: '127.0.0.1' })
console.log(app.server.address().port)
process.on('SIGTERM', () => process.exit(0))
