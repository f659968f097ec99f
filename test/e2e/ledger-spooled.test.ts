import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { memoryLedger } from '../../src/ledger/memory/memory.js'
import { type SpooledLedger, spooledLedger } from '../../src/ledger/spool/spooled.js'
import { createConditions } from '../../src/verify/conditions.js'
import { createLedgerWatch } from '../../src/verify/ledger-watch.js'
import { type BreakableLedger, breakableLedger } from '../fakes/breakable-ledger.js'
import { type Harness, startHarness } from './harness.js'
import { subscriber, T0 } from './stage.js'

let folder: string
let broken: BreakableLedger
let ledger: SpooledLedger
let gateway: Harness
let watch: ReturnType<typeof createLedgerWatch>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-spooled-'))
  const clock = () => T0
  broken = breakableLedger(memoryLedger({ numbers: 'clear', clock }))
  ledger = await spooledLedger(broken.ledger, {
    file: join(folder, 'spool'),
    key: Buffer.alloc(32, 7),
    maxBytes: 1_000_000,
    maxMs: 600_000,
    timeoutMs: 200,
    probeMs: 5,
    clock,
    onError: () => undefined,
  })
  watch = createLedgerWatch({ ledger, clock, spooled: () => ledger.spooled() })
  const conditions = createConditions()
  conditions.add(watch.condition)
  gateway = await startHarness({ ledger, server: { conditions, keysWithoutLedgerMs: 600_000 } })
  expect((await gateway.call('GET', '/v1/verifications/none')).status).toBe(404)
})
afterEach(async () => {
  broken.is = 'well'
  await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

const start = (n: number, headers: Record<string, string> = {}) =>
  gateway.call('POST', '/v1/verifications', { service: 'signup', to: subscriber(n) }, headers)
async function until(what: () => boolean): Promise<void> {
  for (const end = performance.now() + 5_000; !what(); ) {
    if (performance.now() > end) throw new Error('it did not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

test.each(['refuses', 'mute'] as const)(
  'a key that this gateway has not met works while the ledger is away: it %s',
  async (is) => {
    broken.is = is
    // written in another way it is met for the first time
    const { id, secret } = gateway.key
    const made = await gateway.call(
      'POST',
      '/v1/verifications',
      { service: 'signup', to: subscriber(1) },
      { authorization: `Bearer ${id}:${secret}` },
    )
    expect(made).toMatchObject({ status: 201, body: { status: 'sent' } })
  },
)

test('codes go out while the ledger is away; what needs it is refused until it is back, and then everything is true', async () => {
  const before = await start(0)
  broken.is = 'refuses'
  const sent = await start(1)
  expect(sent).toMatchObject({ status: 201, body: { status: 'sent' } })
  expect(gateway.messages()).toHaveLength(2)
  const code = gateway.code()
  await watch.job.run()
  const ready = await gateway.call('GET', '/readyz')
  expect(ready).toMatchObject({ status: 200, body: { status: 'degraded', ledger: 'unavailable' } })
  expect(ready.body.trouble[0]).toMatchObject({ name: 'ledger', state: 'degraded' })

  const refused = await Promise.all([
    gateway.call('POST', `/v1/verifications/${sent.body.id}/check`, { code }),
    gateway.call('POST', `/v1/verifications/${before.body.id}/check`, { code: gateway.code(0) }),
    gateway.call('GET', `/v1/verifications/${sent.body.id}`),
    gateway.call('POST', `/v1/verifications/${sent.body.id}/resend`),
    start(2, { 'idempotency-key': 'once' }),
  ])
  for (const { status, body, headers } of refused) {
    expect(status).toBe(503)
    expect(body.code).toBe('ledger_unavailable')
    expect(headers.get('retry-after')).toBe('5')
  }
  expect(gateway.messages()).toHaveLength(2)

  broken.is = 'well'
  await until(() => ledger.spooled().state === 'ok')
  await gateway.parts.gate.tick()
  const checked = await gateway.call('POST', `/v1/verifications/${sent.body.id}/check`, { code })
  expect(checked.body).toMatchObject({ verified: true })
  const again = await gateway.call('POST', `/v1/verifications/${sent.body.id}/check`, { code })
  expect(again.status).toBe(409)
  const requests = await broken.ledger.requests({ limit: 10 })
  expect(requests.map(({ credit }) => credit).sort()).toEqual(['earned', 'reserved'])
  // the provider's answer, owed meanwhile, has found its message
  const [message] = await broken.ledger.sends(sent.body.id)
  expect(message).toMatchObject({ status: 'accepted', provider: 'own' })
  await watch.job.run()
  expect((await gateway.call('GET', '/readyz')).body.status).toBe('ready')
})
