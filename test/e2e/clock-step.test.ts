import { afterEach, beforeEach, expect, test } from 'vitest'
import { HOUR, SECOND } from '../../src/engine/units.js'
import { type Harness, startHarness } from './harness.js'
import { subscriber } from './stage.js'

let gateway: Harness
beforeEach(async () => {
  gateway = await startHarness()
})
afterEach(() => gateway.close())

const start = async (n = 0) =>
  (await gateway.call('POST', '/v1/verifications', { service: 'signup', to: subscriber(n) })).body
const utilisation = async (): Promise<number> => {
  const assessed = await gateway.parts.gate.assess({ service: 'signup', to: subscriber(1) })
  if (!assessed.ok) throw new Error(assessed.error.message)
  return assessed.value.utilisation
}

test('a clock set back frees nothing, matures nothing twice, and lets codes be entered', async () => {
  const { gate } = gateway.parts
  const first = await start()
  const full = await utilisation()
  gateway.advance(-HOUR)
  expect(await gate.tick()).toBe(0)
  expect(await utilisation()).toBe(full)
  const checked = await gateway.call('POST', `/v1/verifications/${first.id}/check`, {
    code: gateway.code(),
  })
  expect(checked.body).toMatchObject({ verified: true })

  await start(2)
  gateway.advance(HOUR)
  expect(await gate.tick()).toBe(1)
  gateway.advance(-HOUR)
  expect(await gate.tick()).toBe(0)
  gateway.advance(2 * HOUR)
  expect(await gate.tick()).toBe(0)
})

test('a clock set forward ends codes early, and what it counted as lost is repaid when one comes in time', async () => {
  const { gate } = gateway.parts
  const { id } = await start()
  // past maturity, not past the life of the code
  gateway.advance(300 * SECOND)
  expect(await gate.tick()).toBe(1)
  const { body } = await gateway.call('POST', `/v1/verifications/${id}/check`, {
    code: gateway.code(),
  })
  expect(body).toMatchObject({ verified: true })
  const [row] = await gateway.parts.ledger.requests({ verificationId: id, limit: 1 })
  expect(row?.credit).toBe('earned')
  const late = await start(3)
  gateway.advance(HOUR)
  const { status, body: gone } = await gateway.call('POST', `/v1/verifications/${late.id}/check`, {
    code: gateway.code(),
  })
  expect(status).toBe(410)
  expect(gone.code).toBe('verification_expired')
})

test('a revoked key does not live on while the clock is back', async () => {
  const key = await gateway.keyWith('decide')
  const ask = async () =>
    (
      await gateway.call(
        'POST',
        '/v1/decisions',
        { service: 'signup', to: subscriber(5) },
        { authorization: key },
      )
    ).status
  const before = await ask()
  const [row] = (await gateway.parts.ledger.keys()).filter(({ name }) => name === 'decide')
  await gateway.parts.ledger.revokeKey(row?.id ?? '', gateway.now())
  gateway.advance(-HOUR)
  expect([before, await ask()]).toEqual([200, 401])
})
