import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Harness, RECEIPT_SECRET, startHarness } from './harness.js'
import { SECOND, subscriber } from './stage.js'

let gateway: Harness
beforeEach(async () => {
  gateway = await startHarness()
})
afterEach(() => gateway.close())

/** What a provider posts of its messages, signed as docs/senders.md says. */
function post(...receipts: { id?: string; reference?: string; status: string; error?: string }[]) {
  const body = JSON.stringify(receipts)
  const at = new Date(gateway.now())
  return gateway.call('POST', '/v1/hooks/own/receipts', body, {
    'webhook-id': 'receipt-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(RECEIPT_SECRET).sign('receipt-1', at, body),
  })
}
const start = async () =>
  (await gateway.call('POST', '/v1/verifications', { service: 'signup', to: subscriber(1) })).body
    .id as string
async function events(id: string): Promise<string[]> {
  const { timeline } = (await gateway.call('GET', `/v1/verifications/${id}`)).body
  return (timeline as { event: string }[]).map(({ event }) => event)
}
async function tick(): Promise<void> {
  gateway.advance(SECOND)
  await gateway.parts.gate.tick()
}

describe('receipts', () => {
  test('that come before the answer with the id of the message count all the same', async () => {
    let early: unknown
    gateway.endpoint.answers((response) => {
      void post({ id: 'm-1', status: 'failed', error: 'absent' }).then(({ body }) => {
        early = body
        response.writeHead(200).end(JSON.stringify({ id: 'm-1' }))
      })
    })
    const id = await start()
    expect(early).toEqual({ received: 0 })
    expect(await events(id)).not.toContain('failed')
    await tick()
    expect(await events(id)).toContain('failed')
  })

  test('of messages that nobody sent here are not looked for without end', async () => {
    expect((await post({ id: 'unheard', status: 'delivered' })).body).toEqual({ received: 0 })
    const asked = vi.spyOn(gateway.parts.ledger, 'sendByProvider')
    for (let second = 0; second < 60; second++) await tick()
    expect(asked).toHaveBeenCalledTimes(3)
  })

  test('that are lost to a ledger in trouble are looked for once it is well', async () => {
    gateway.endpoint.answers((response) => {
      void post({ id: 'm-1', status: 'delivered' }).then(() =>
        response.writeHead(200).end(JSON.stringify({ id: 'm-1' })),
      )
    })
    const id = await start()
    const asked = vi.spyOn(gateway.parts.ledger, 'sendByProvider')
    asked.mockRejectedValueOnce(new Error('down'))
    await expect(tick()).rejects.toThrow('down')
    await tick()
    expect(await events(id)).toContain('message delivered')
  })

  test('find a message whose answer was lost by the key that it was handed over with', async () => {
    gateway.endpoint.answers((response) => response.destroy())
    const id = await start()
    const reference = gateway.messages()[0]?.idempotencyKey ?? ''
    expect((await gateway.parts.ledger.send(reference))?.status).toBe('unknown')
    expect((await post({ status: 'delivered' })).body).toEqual({ received: 0 })
    const { body } = await post({ id: 'm-1', reference, status: 'delivered' })
    expect(body).toEqual({ received: 1 })
    expect(await events(id)).toContain('message delivered')
    expect((await post({ id: 'm-1', status: 'delivered' })).body).toEqual({ received: 1 })
  })

  test('are counted by what they tell, and so are those whose signature is wrong', async () => {
    gateway.endpoint.answers((response) => response.destroy())
    await start()
    await post({ id: 'm-1', status: 'failed' }, { id: 'm-2', status: 'delivered' })
    const forged = { 'webhook-id': 'r', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' }
    await gateway.call('POST', '/v1/hooks/own/receipts', '{}', forged)
    await gateway.call('POST', '/v1/hooks/made-up/receipts', '{}', forged)
    const scraper = { headers: { authorization: gateway.authorization } }
    const text = await (await fetch(`${gateway.url}/metrics`, scraper)).text()
    expect(text.split('\n').filter((line) => /^tollgate_(sends|receipts)_/.test(line))).toEqual([
      'tollgate_sends_total{provider="own",result="unanswered"} 1',
      'tollgate_receipts_total{provider="own",status="failed"} 1',
      'tollgate_receipts_total{provider="own",status="delivered"} 1',
      'tollgate_receipts_total{provider="own",status="bad_signature"} 1',
    ])
  })

  test('that are repeated fill no ledger', async () => {
    gateway.endpoint.answers({ status: 200, body: { id: 'm-1' } })
    await start()
    const receipt = { id: 'm-1', status: 'delivered' }
    const append = vi.spyOn(gateway.parts.ledger, 'append')
    expect((await post(receipt, receipt, receipt)).body).toEqual({ received: 3 })
    expect((await post(receipt)).body).toEqual({ received: 1 })
    const kept = append.mock.calls.flatMap(([rows]) => rows).filter((r) => r.table === 'receipts')
    expect(kept).toHaveLength(1)
  })
})
