import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { solvePow } from '../../src/challenge/solve.js'
import { signWebhook, webhookKey } from '../../src/send/webhook-signature.js'
import { type Harness, RECEIPT_SECRET, startHarness } from '../e2e/harness.js'
import { request, subscriber } from '../e2e/stage.js'

let gateway: Harness
beforeEach(async () => {
  gateway = await startHarness()
})
afterEach(() => gateway.close())

const start = async (n = 0) => {
  const { service, to, ip, deviceId } = request(n)
  return (
    await gateway.call('POST', '/v1/verifications', { service, to, context: { ip, deviceId } })
  ).body
}

function receipt(status: string, at = Math.floor(gateway.now() / 1000), secret = RECEIPT_SECRET) {
  const body = JSON.stringify({ id: 'message-1', status })
  const headers = {
    'webhook-id': 'w1',
    'webhook-timestamp': String(at),
    'webhook-signature': signWebhook(webhookKey(secret), 'w1', at, body),
    authorization: '',
  }
  return { body, headers }
}
const hand = ({ body, headers }: ReturnType<typeof receipt>) =>
  gateway.call('POST', '/v1/hooks/own/receipts', body, headers)
const statusOf = async (id: string) => (await gateway.parts.ledger.sends(id))[0]?.status

describe('a receipt', () => {
  test('that comes again changes nothing: no credit twice, no way back', async () => {
    const { id } = await start()
    const failed = receipt('failed')
    expect((await hand(failed)).status).toBe(200)
    expect(await statusOf(id)).toBe('failed')
    const outcomes = async () => {
      const [row] = await gateway.parts.ledger.requests({ verificationId: id, limit: 1 })
      return (await gateway.parts.ledger.outcomesOf(row?.id ?? '')).filter(
        ({ from, to }) => from !== to,
      )
    }
    const moved = await outcomes()
    for (let i = 0; i < 3; i++) expect((await hand(failed)).status).toBe(200)
    expect(await outcomes()).toEqual(moved)
    expect(await statusOf(id)).toBe('failed')
  })

  test('that is old is refused, whoever signed it', async () => {
    const { id } = await start()
    const old = receipt('delivered')
    gateway.advance(10 * 60_000)
    expect(await hand(old)).toMatchObject({ status: 403, body: { code: 'bad_signature' } })
    expect(await statusOf(id)).not.toBe('delivered')
  })

  test('signed with another key, for another body, or not at all, is refused', async () => {
    await start()
    const other = receipt('delivered', undefined, `whsec_${Buffer.alloc(32, 8).toString('base64')}`)
    const good = receipt('delivered')
    const { 'webhook-signature': _, ...unsigned } = good.headers
    for (const one of [
      other,
      { ...good, body: good.body.replace('delivered', 'failed') },
      { ...good, headers: { ...good.headers, 'webhook-signature': '' } },
      { ...good, headers: { ...good.headers, 'webhook-signature': 'v1,' } },
      { ...good, headers: unsigned as typeof good.headers },
    ])
      expect((await hand(one)).status).toBe(403)
  })
})

describe('a solution of a challenge', () => {
  test('sends one message however often and however much at once it comes', async () => {
    await start(0)
    await start(1)
    const { id, status, challenge } = await start(2)
    expect(status).toBe('challenge_required')
    const solution = await solvePow(challenge.payload)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        gateway.call('POST', `/v1/verifications/${id}/challenge`, { type: 'pow', solution }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 409]))
    expect(gateway.messages().filter(({ to }) => to === subscriber(2))).toHaveLength(1)
  })

  test('opens nothing else: not another verification, nor the same number later', async () => {
    await start(0)
    await start(1)
    const first = await start(2)
    const solution = await solvePow(first.challenge.payload)
    const second = await start(2)
    expect(second.id).not.toBe(first.id)
    const asked = { type: 'pow', solution }
    expect(
      await gateway.call('POST', `/v1/verifications/${second.id}/challenge`, asked),
    ).toMatchObject({
      body: { code: 'challenge_foreign' },
    })
    gateway.advance(6 * 60_000)
    expect(
      await gateway.call('POST', `/v1/verifications/${first.id}/challenge`, asked),
    ).toMatchObject({
      body: { code: 'challenge_expired' },
    })
  })

  test('that was altered in any field is worth nothing', async () => {
    await start(0)
    await start(1)
    const { id, challenge } = await start(2)
    const solution = await solvePow(challenge.payload)
    const solved = JSON.parse(Buffer.from(solution, 'base64').toString('utf8'))
    const again = (changed: unknown) => Buffer.from(JSON.stringify(changed)).toString('base64')
    const { parameters } = solved.challenge
    const forged = [
      { ...parameters, data: { ...parameters.data, id: 'x' } },
      { ...parameters, data: { ...parameters.data, expiresAt: 9e15 } },
      { ...parameters, keyPrefix: '0'.repeat(32) },
      { ...parameters, nonce: '0'.repeat(32) },
    ].map((changed) =>
      again({ ...solved, challenge: { ...solved.challenge, parameters: changed } }),
    )
    for (const altered of forged) {
      const answer = await gateway.call('POST', `/v1/verifications/${id}/challenge`, {
        ...{ type: 'pow', solution: altered },
      })
      expect(answer.status).toBeGreaterThanOrEqual(400)
    }
    expect(gateway.messages().filter(({ to }) => to === subscriber(2))).toHaveLength(0)
  })
})
