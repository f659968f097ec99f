import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFailed, test } from 'vitest'
import { DEFAULT_LINES, DEFAULT_SERVICE } from '../../src/engine/defaults.js'
import {
  LINES,
  type LineName,
  type LinePolicy,
  type Policy,
  SUBJECTS,
} from '../../src/engine/policy.js'
import { LINE_FIELDS, LINE_WIDTH, type Query } from '../../src/engine/state.js'
import { USD } from '../../src/engine/units.js'
import type { Ledger } from '../../src/ledger/port.js'
import type { RequestRow } from '../../src/ledger/rows.js'
import { memoryLines } from '../../src/lines/memory/memory.js'
import { httpProvider } from '../../src/send/http.js'
import { createSender } from '../../src/send/sender.js'
import { type Composed, compose } from '../../src/verify/compose.js'
import { type Core, createCore } from '../../src/verify/core.js'
import { rebuild } from '../../src/verify/rebuild.js'
import { startEndpoint } from '../fakes/http-endpoint.js'
import { buildPackage } from './built-package.js'
import { Killed, type Person, spawnVictim, walk } from './kill-9-driver.js'

const PEOPLE = 5_000
const KILLS = 10
const AT_ONCE = 32
const SEED = 9

const directory = mkdtempSync(join(tmpdir(), 'tollgate-kill-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Seeded, so that a run kills at the same answers again (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * Lines with room for whoever asks again and again: a send that was cut short stays charged, and the crash may come just
 * then in several lives of one person.
 */
const ROOMY = Object.fromEntries(
  Object.entries(DEFAULT_LINES).map(([name, line]) => [name, { ...line, atLeast: 100 }]),
) as Record<LineName, LinePolicy>

const POLICY: Policy = {
  version: 1,
  mode: 'enforce',
  spendCaps: [],
  services: {
    signup: {
      ...DEFAULT_SERVICE,
      name: 'signup',
      mode: 'enforce',
      fraudBudgetMicroUsd: 20_000 * USD,
      maturityMs: 2_000,
      lines: ROOMY,
      rateLimits: [],
    },
  },
  fallback: null,
}

const PREFIXES = ['803', '806', '813', '703', '805']
/** Each in a block of its own: whoever does not verify is nobody's neighbour. */
const numberOf = (n: number) =>
  `+234${PREFIXES[n % 5]}${String(Math.floor(n / 5) * 10_000 + ((n * 7) % 10_000)).padStart(7, '0')}`

test(`killed ${KILLS} times within ${PEOPLE} verifications, a gate sends no code twice, keeps every promise and every debt`, async () => {
  buildPackage(directory)
  const script = join(directory, 'child.mjs')
  copyFileSync(join(import.meta.dirname, 'kill-9-child.mjs'), script)
  const data = join(directory, 'data')
  const endpoint = await startEndpoint()
  const messages = () => endpoint.requests.map(({ body }) => JSON.parse(body))
  const byNumber = new Map<string, string[]>()
  let read = 0
  const codesOf = (to: string): string[] => {
    for (; read < endpoint.requests.length; read++) {
      const message = JSON.parse(endpoint.requests[read]?.body ?? '{}')
      byNumber.set(message.to, [
        ...(byNumber.get(message.to) ?? []),
        /\d{6}/.exec(message.body)?.[0] ?? '',
      ])
    }
    return byNumber.get(to) ?? []
  }

  const people = Array.from({ length: PEOPLE }, (_, n): Person => {
    const wants = n % 4 === 0 ? 'nothing' : n % 4 === 1 ? 'another code' : 'code'
    return { n, to: numberOf(n), id: null, verified: false, done: false, wants }
  })
  const random = randomFrom(SEED)
  let kills = 0
  let where = 'before the first life'
  onTestFailed(() => console.error(`it stood ${where}`))
  for (let round = 0; people.some(({ done }) => !done); round++) {
    // answers after which it dies: anywhere in its work, and once while it is still opening
    const at = round === 4 ? 0 : 200 + Math.floor(random() * 1_200)
    const doomed = kills < KILLS
    const victim = spawnVictim(
      script,
      [data, endpoint.url, JSON.stringify(POLICY)],
      (answers) => doomed && answers >= at,
    )
    if (doomed) kills++
    onTestFailed(() => {
      const open = victim.unanswered()
      if (open.length > 0) console.error(`life ${round} owes answers`, open)
    })
    where = `in life ${round}`
    const queue = people.filter(({ done }) => !done)
    const work = async () => {
      await victim.ready
      for (let person = queue.shift(); person !== undefined; person = queue.shift())
        await walk(person, victim, codesOf)
    }
    // beside the timer's: in the last life, which nobody cuts short, there is one for certain
    const save = async () => {
      await victim.ready
      await victim.ask({ do: 'save' })
    }
    // whoever fails ends this life for all
    const ending = async (task: Promise<void>) =>
      task.catch(async (error) => {
        await victim.kill()
        if (!(error instanceof Killed)) throw error
      })
    const ends = await Promise.allSettled(
      [save(), ...Array.from({ length: AT_ONCE }, work)].map(ending),
    )
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    where = `at the end of life ${round}`
    await victim.kill()
  }
  expect(kills).toBe(KILLS)
  where = 'after the last life'

  const now = Date.now()
  const restored = await reopen(data, endpoint.url, now)
  const { ledger } = restored
  const rows = await ledger.requests({ limit: 100_000 })

  // no code twice: every message has a send of its own, and no verification more messages than it counts
  const sentIds = messages().map(({ idempotencyKey }) => idempotencyKey as string)
  expect(new Set(sentIds).size).toBe(sentIds.length)
  const messagesOf = new Map<string, number>()
  const sentFor = new Set<string>()
  for (const id of sentIds) {
    const send = await ledger.send(id)
    expect(send, `message ${id} was sent and is not recorded`).not.toBeNull()
    messagesOf.set(
      send?.verificationId ?? '',
      (messagesOf.get(send?.verificationId ?? '') ?? 0) + 1,
    )
    sentFor.add(send?.requestId ?? '')
  }
  expect(messagesOf.size).toBe(PEOPLE)
  for (const [id, count] of messagesOf)
    expect((await ledger.verification(id))?.sends).toBeGreaterThanOrEqual(count)

  // no promise broken: whoever was told so has a verification, and is verified
  for (const { id, verified } of people) {
    const row = await ledger.verification(id ?? '')
    expect(row?.status).toBe(verified ? 'verified' : 'sent')
  }

  // no debt forgotten: what was sent and not verified is owed, in the ledger and on the lines
  const verifiedIds = new Set(people.filter(({ verified }) => verified).map(({ id }) => id))
  const owedBy = rows.filter(({ verificationId }) => !verifiedIds.has(verificationId))
  for (const row of owedBy)
    if (sentFor.has(row.id)) expect(['reserved', 'lost']).toContain(row.credit)
  const cost = (of: readonly RequestRow[]) =>
    of.reduce(
      (sum, { charge }) => sum + (charge?.lines.find(({ line }) => line === 'service')?.cost ?? 0),
      0,
    )
  const owed = cost(owedBy.filter(({ id }) => sentFor.has(id)))
  expect(owed).toBeGreaterThan(1_000 * 0.1 * USD)
  const onLines = debtOf(restored.core, rows[0], now)
  expect(onLines).toBeGreaterThan(0.99 * owed)
  expect(onLines).toBeLessThan(
    1.01 * cost(rows.filter(({ credit }) => credit === 'reserved' || credit === 'lost')),
  )

  // and the snapshot with its journal says what the whole ledger says
  expect(restored.restored.snapshotAt).not.toBeNull()
  const whole = await fromScratch(restored)
  let compared = 0
  for (const row of rows) {
    if (row.charge === null) continue
    const [kept, made] = [linesOf(restored.core, row, now), linesOf(whole, row, now)]
    for (const [i, value] of kept.entries()) {
      const tolerance = 0.01 * Math.max(Math.abs(made[i] ?? 0), 1)
      const place = `${LINES[Math.floor(i / LINE_WIDTH)]}.${LINE_FIELDS[i % LINE_WIDTH]} of ${row.id}`
      if (!(Math.abs(value - (made[i] ?? 0)) <= tolerance))
        expect.fail(`${place}: ${value}, not ${made[i]}`)
      compared++
    }
  }
  expect(compared).toBeGreaterThan(PEOPLE * LINES.length)

  // the codes that were never entered are still good
  for (const person of people.filter(({ verified }) => !verified)) {
    const result = await restored.gate.check(person.id ?? '', codesOf(person.to).at(-1) ?? '')
    expect(result.ok && result.value.status).toBe('verified')
  }
  await restored.close()
  await endpoint.close()
}, 180_000)

const reopen = (data: string, url: string, now: number): Promise<Composed> =>
  compose({
    policy: POLICY,
    data,
    sender: createSender({ providers: [httpProvider({ name: 'own', url, allowPrivate: true })] }),
    clock: () => now,
    upkeep: false,
  })

async function fromScratch({ ledger }: { ledger: Ledger }): Promise<Core> {
  const core = createCore({
    policy: POLICY,
    policyVersion: 1,
    lines: memoryLines(),
    facts: {
      parseNumber: () => {
        throw new Error('nothing is decided here')
      },
      sourceFacts: () => {
        throw new Error('nothing is decided here')
      },
      priceOf: () => 0,
      numberKey: (e164) => e164,
    },
  })
  await rebuild({ core, ledger, from: { requests: 0, outcomes: 0 }, applied: new Set() })
  return core
}

/** The state of all lines that a request charged. */
function linesOf(core: Core, row: RequestRow, now: number): Float64Array {
  const service = core.policy.service(row.service)
  if (service === null) throw new Error(`no service ${row.service}`)
  const keys = new Array<string>(SUBJECTS.length).fill('')
  for (const { line, key } of row.charge?.lines ?? []) keys[SUBJECTS.indexOf(line)] = key
  const query: Query = {
    service: row.service,
    layout: service.layout,
    keys,
    country: row.country,
    subscriber: -1,
    throttles: [],
    sources: [],
  }
  const gathered = core.lines.gather(query, now)
  if (gathered instanceof Promise) throw new Error('the embedded lines answer at once')
  return gathered.lines.slice()
}

/** What is owed on the line of the whole service, micro-USD: in flight and lost. */
function debtOf(core: Core, row: RequestRow | undefined, now: number): number {
  if (row === undefined) throw new Error('there are no requests')
  const at = LINES.indexOf('service') * LINE_WIDTH
  const lines = linesOf(core, row, now)
  const field = (name: (typeof LINE_FIELDS)[number]) => lines[at + LINE_FIELDS.indexOf(name)] ?? 0
  return field('reserved') + field('lostSlow')
}
