import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { clearNumbers } from '../../src/ledger/numbers.js'
import { type Connection, connect } from '../../src/ledger/sqlite/connection.js'
import { createPrivateFile } from '../../src/ledger/sqlite/file.js'
import { ledgerOver } from '../../src/ledger/sqlite/ledger-over.js'
import { locksAndFaults } from '../../src/ledger/sqlite/patience.js'
import { httpProvider } from '../../src/send/http.js'
import { createSender } from '../../src/send/sender.js'
import { type Composed, compose } from '../../src/verify/compose.js'
import { directories } from '../conformance/ledger-files.js'
import { type Endpoint, startEndpoint } from '../fakes/http-endpoint.js'
import { codeIn, enforce, errorOf, MINUTE, request, subscriber, T0, value } from './stage.js'

const newDirectory = directories()

let file: string
let connection: Connection
let composed: Composed
let endpoint: Endpoint
let told: Error[]
let now: number

beforeEach(async () => {
  file = createPrivateFile(`${newDirectory()}/ledger.sqlite`)
  connection = await connect(file)
  endpoint = await startEndpoint()
  told = []
  now = T0
  const onError = (error: Error) => told.push(error)
  const ledger = await ledgerOver(connection, {
    file,
    numbers: clearNumbers(),
    attempt: locksAndFaults(file, 0),
    commitDelayMs: 1,
    maxQueuedRows: 1_000,
    onError,
    clock: () => now,
  })
  composed = await compose({
    policy: enforce({ rateLimits: [], distinct: [] }),
    ledger,
    sender: createSender({
      providers: [httpProvider({ name: 'own', url: endpoint.url, allowPrivate: true })],
    }),
    lines: { capacity: 10_000 },
    clock: () => now,
    upkeep: false,
    onError,
  })
})
afterEach(async () => {
  await composed.close()
  await endpoint.close()
})

const messages = () => endpoint.requests.map(({ body }) => JSON.parse(body).body as string)
/** Numbers far apart, each in a block of its own. */
const number = (n: number) => request(n * 10_000)
const full = async (to = subscriber(0)) =>
  value(await composed.gate.assess({ service: 'signup', to })).utilisation

/** Another process that holds the write lock. */
function lock(): () => void {
  const other = new Sqlite(file)
  other.exec('begin exclusive')
  return () => {
    other.exec('rollback')
    other.close()
  }
}

describe('a locked ledger', () => {
  test('sends nothing and charges nothing, and all is well afterwards', async () => {
    const { gate } = composed
    const before = await full()
    const unlock = lock()
    expect(errorOf(await gate.start(number(0)))).toBe('ledger_unavailable')
    expect(errorOf(await gate.start({ ...number(0), idempotencyKey: 'k' }))).toBe(
      'ledger_unavailable',
    )
    expect(messages()).toHaveLength(0)
    expect(await full()).toBe(before)
    unlock()

    value(await gate.start({ ...number(0), idempotencyKey: 'k' }))
    expect(messages()).toHaveLength(1)
    // what was refused was withdrawn: it does not come back as a loss
    now += 2 * MINUTE
    expect(await gate.tick()).toBe(1)
    expect((await composed.ledger.requests({ limit: 10 })).length).toBe(1)
  })

  test('counts no check, and lets the code be entered again', async () => {
    const { gate } = composed
    const { id } = value(await gate.start(number(0))).verification
    const code = codeIn(messages()[0])
    const unlock = lock()
    expect(errorOf(await gate.check(id, code))).toBe('ledger_unavailable')
    expect(errorOf(await gate.resend(id))).toBe('ledger_unavailable')
    expect(messages()).toHaveLength(1)
    unlock()
    expect(value(await gate.check(id, code)).status).toBe('verified')
  })

  test('while a message is with its provider does not turn it into a failure', async () => {
    const { gate } = composed
    let unlock = () => undefined as unknown
    endpoint.answers((response) => {
      unlock = lock()
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"m1"}')
    })
    const { id, status } = value(await gate.start(number(0))).verification
    expect(status).toBe('sent')
    expect(told.length).toBeGreaterThan(0)
    unlock()
    await gate.tick()
    // made good: its receipt finds it
    const receipt = { status: 'delivered', error: null, providerCode: null, at: now } as const
    expect(await gate.receive('own', [{ ...receipt, providerId: 'm1' }])).toBe(1)
    expect(value(await gate.check(id, codeIn(messages()[0]))).status).toBe('verified')
  })

  test('while a provider refuses gives the charge back once it can', async () => {
    const { gate } = composed
    const before = await full()
    let unlock = () => undefined as unknown
    endpoint.answers((response) => {
      unlock = lock()
      response.writeHead(400).end('{}')
    })
    expect(errorOf(await gate.start(number(0)))).toBe('provider_refused')
    unlock()
    await gate.tick()
    expect(await full()).toBe(before)
    now += 2 * MINUTE
    expect(await gate.tick()).toBe(0)
  })
})

describe('a full disk', () => {
  const fill = () =>
    connection.pragma(`max_page_count = ${connection.pragma('page_count', { simple: true })}`)
  const free = () => connection.pragma('max_page_count = 1000000')

  test('every message that left is recorded, every refusal sent and charged nothing', async () => {
    const { gate } = composed
    value(await gate.start(number(0)))
    fill()
    let sent = 1
    let refused = 0
    for (let n = 1; refused < 3; n++) {
      const before = await full(ownNumber(n).to)
      const result = await gate.start({ ...number(0), ...ownNumber(n) })
      if (result.ok) sent++
      else {
        expect(errorOf(result)).toBe('ledger_unavailable')
        expect(await full(ownNumber(n).to)).toBe(before)
        refused++
      }
      expect(n).toBeLessThan(1_000)
    }
    expect(messages()).toHaveLength(sent)
    free()
    value(await gate.start({ ...number(0), ...ownNumber(2_000) }))
    expect(messages()).toHaveLength(sent + 1)
    const recorded = await composed.ledger.requests({ limit: 10_000 })
    expect(recorded.filter(({ credit }) => credit === 'reserved')).toHaveLength(sent + 1)
    now += 2 * MINUTE
    expect(await gate.tick()).toBe(sent + 1)
  })

  /** On the allow list's path: the test is about the disk, whatever the lines say. */
  const ownNumber = (n: number) => ({
    to: `+2348${String(30_000_000 + n * 10_007).padStart(9, '0')}`,
    deviceId: `own-${n}`,
    ip: `41.58.${n % 250}.${(n * 7) % 250}`,
    riskCheck: false,
    userAgent: 'u'.repeat(400),
  })
})
