import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'
import { openSqliteLedger } from '../../src/ledger/sqlite/open.js'
import { type Harness, startHarness } from './harness.js'
import { request, subscriber } from './stage.js'

/** Short, for nobody here waits for an answer that comes; what is tested is what happens after it. */
const LIMIT_MS = 700

/** A ledger of which some calls take until they are let go, and are then done after all. */
async function hanging() {
  const ledger = await openSqliteLedger({ file: ':memory:', numbers: 'clear' })
  let held: string | null = null
  let go = (): void => undefined
  let gate = Promise.resolve()
  const slow = new Proxy(ledger, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => {
        const call = () => (value as (...given: unknown[]) => unknown).apply(of, args)
        return name === held ? gate.then(call) : call()
      }
    },
  })
  return {
    ledger: slow,
    hang(method: keyof Ledger) {
      held = method
      gate = new Promise((resolve) => {
        go = resolve
      })
    },
    letGo() {
      held = null
      go()
    },
  }
}

let stores: Awaited<ReturnType<typeof hanging>>
let harness: Harness
beforeEach(async () => {
  stores = await hanging()
  harness = await startHarness({ ledger: stores.ledger, requestMs: LIMIT_MS })
})
afterEach(async () => {
  stores.letGo()
  await harness.close()
})

const start = (key?: string) =>
  harness.call(
    'POST',
    '/v1/verifications',
    { service: 'signup', to: subscriber(0) },
    key === undefined ? {} : { 'idempotency-key': key },
  )
const utilisation = async () => {
  const assessed = await harness.parts.gate.assess({ service: 'signup', to: subscriber(0) })
  return assessed.ok ? assessed.value.utilisation : assessed
}
const SLOW = { status: 503, body: { code: 'stores_slow', retryAfter: 5 } }

describe('a code that is asked for while the ledger hangs', () => {
  test('is refused in time, never sent, given back, and sent once when it is asked for again', async () => {
    const before = await utilisation()
    stores.hang('commit')
    const refused = await start('k')
    expect(refused).toMatchObject(SLOW)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(refused.body.detail).toContain('no code leaves for this request any more')
    expect(await start('k')).toMatchObject({ body: { code: 'idempotency_in_progress' } })

    stores.letGo()
    await vi.waitFor(async () => {
      const [row] = await harness.parts.ledger.requests({ limit: 10 })
      expect(row?.credit).toBe('released')
      const life = await harness.parts.gate.get(row?.verificationId ?? '')
      expect(life).toMatchObject({ value: { status: 'failed' } })
    })
    expect(await utilisation()).toBe(before)
    expect(harness.messages()).toHaveLength(0)

    await vi.waitFor(async () => expect((await start('k')).status).toBe(201))
    expect(harness.messages()).toHaveLength(1)
  })

  test('is refused also where only the key is looked up, or where it was sent before', async () => {
    stores.hang('key')
    const other = { authorization: `Basic ${Buffer.from('another:key').toString('base64')}` }
    expect(await harness.call('POST', '/v1/verifications', {}, other)).toMatchObject(SLOW)
    stores.letGo()
    stores.hang('putIfAbsent')
    expect(await start('k')).toMatchObject(SLOW)
  })

  test('and in the library, where nobody waits behind HTTP', async () => {
    stores.hang('commit')
    const refused = await harness.parts.gate.start(request(0))
    expect(refused).toMatchObject({ ok: false, error: { code: 'stores_slow' } })
    stores.letGo()
    await vi.waitFor(async () =>
      expect((await harness.parts.ledger.requests({ limit: 1 }))[0]?.credit).toBe('released'),
    )
    expect(harness.messages()).toHaveLength(0)
  })

  test('and by Twilio’s API, in its words', async () => {
    const asked = new URLSearchParams({ FriendlyName: 'signup' }).toString()
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const service = await harness.call('POST', '/v2/Services', asked, form)
    stores.hang('latestVerification')
    const body = new URLSearchParams({ To: subscriber(0), Channel: 'sms' }).toString()
    const path = `/v2/Services/${service.body.sid}/Verifications`
    const refused = await harness.call('POST', path, body, form)
    expect(refused).toMatchObject({ status: 503, body: { code: 20503 } })
    stores.letGo()
    await vi.waitFor(() => expect(harness.log()).toContain('failed after it was answered'))
    expect(harness.messages()).toHaveLength(0)
  })
})

describe('what has happened stays answered as it was', () => {
  test('a provider that takes longer is waited for', async () => {
    harness.endpoint.answers((response) => {
      setTimeout(() => response.writeHead(200).end('{"id":"late"}'), 2 * LIMIT_MS)
    })
    expect((await start()).status).toBe(201)
  })

  test('a message that left is told, though its receipt is not recorded yet', async () => {
    stores.hang('updateSend')
    expect(await start()).toMatchObject({ status: 201, body: { status: 'sent' } })
    stores.letGo()
    await vi.waitFor(async () => {
      const [row] = await harness.parts.ledger.requests({ limit: 1 })
      const [send] = await harness.parts.ledger.sends(row?.verificationId ?? '')
      expect(send?.status).toBe('accepted')
    })
  })

  test('a right code is right, though its credit is not repaid yet', async () => {
    const { id } = (await start()).body
    stores.hang('requests')
    const path = `/v1/verifications/${id}/check`
    const checked = await harness.call('POST', path, { code: harness.code() })
    expect(checked).toMatchObject({ status: 200, body: { verified: true } })
    stores.letGo()
    await vi.waitFor(async () =>
      expect((await harness.parts.ledger.requests({ limit: 1 }))[0]?.credit).toBe('earned'),
    )
  })

  test('a check that hangs is refused, and may be made again', async () => {
    const { id } = (await start()).body
    stores.hang('verification')
    const path = `/v1/verifications/${id}/check`
    const check = () => harness.call('POST', path, { code: harness.code() })
    expect(await check()).toMatchObject(SLOW)
    stores.letGo()
    // the first one went on behind: it was right, and works once
    await vi.waitFor(async () =>
      expect(await check()).toMatchObject({ body: { code: 'already_verified' } }),
    )
  })

  test('operators wait as long as it takes', async () => {
    stores.hang('keys')
    const asked = harness.call('GET', '/v1/admin/keys')
    expect(await start()).toMatchObject({ status: 201 })
    await new Promise((resolve) => setTimeout(resolve, 2 * LIMIT_MS))
    stores.letGo()
    expect((await asked).status).toBe(200)
  })
})
