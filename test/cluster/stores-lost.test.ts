import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skipped as noPostgres, why as whyPostgres } from '../fakes/postgres-server.js'
import { skipped as noRedis, until, why as whyRedis } from '../fakes/redis-server.js'
import type { Answer, GatewayProcess } from './gateway-process.js'
import { startTopology, type Topology } from './topology.js'

let cluster: Topology
let gateway: GatewayProcess

const start = (to: string, headers = {}) =>
  gateway.call('POST', '/v1/verifications', { service: 'signup', to }, headers)
const check = (id: unknown, code: string | undefined) =>
  gateway.call('POST', `/v1/verifications/${id}/check`, { code })
const troubleOf = async (): Promise<string[]> => {
  const { body } = await gateway.call('GET', '/readyz')
  return (body.trouble as { name: string; state: string }[]).map(
    ({ name, state }) => `${name} ${state}`,
  )
}
const decisionOf = ({ body }: Answer) =>
  body.decision as { degraded: boolean; reasons: { code: string }[] }
const codeFor = (to: string) => cluster.codesFor(to).at(-1)
const isReady = async () => {
  const { status, body } = await gateway.call('GET', '/readyz')
  return status === 200 && body.status === 'ready'
}

/** One gateway as it is built, and the stores it shares taken away from it, one after the other. */
describe.skipIf(noPostgres || noRedis)(`stores that are lost${whyPostgres}${whyRedis}`, () => {
  beforeAll(async () => {
    cluster = await startTopology({
      names: ['a'],
      env: { TOLLGATE_FAILURE_GATEWAYS: '3', TOLLGATE_FAILURE_LEDGER: 'spool' },
    })
    gateway = cluster.gateways[0] as GatewayProcess
  }, 240_000)
  afterAll(() => cluster?.close())

  it('lines: decided on own ones, said, and back', { timeout: 90_000 }, async () => {
    const before = await start('+2348031110001')
    expect(before, JSON.stringify(before.body)).toMatchObject({ status: 201 })
    expect(decisionOf(before).degraded).toBe(false)
    await cluster.redis.kill()
    const first = await start('+2348032220002')
    expect(first, JSON.stringify(first.body)).toMatchObject({ status: 201 })
    expect(decisionOf(first)).toMatchObject({ degraded: true })
    expect(decisionOf(first).reasons.map(({ code }) => code)).toContain('store.degraded')
    await until('the loss is told', async () => {
      await gateway.call('POST', '/v1/decisions', { service: 'signup', to: '+2348033330003' })
      return (await troubleOf()).includes('lines degraded')
    })
    // a code from before, and one from meanwhile
    const codes = [
      await check(before.body.id, codeFor('+2348031110001')),
      await check(first.body.id, codeFor('+2348032220002')),
    ]
    for (const { body } of codes) expect(body).toMatchObject({ verified: true })
    await cluster.redis.restart()
    await until('it is back', isReady, 40_000)
    expect(decisionOf(await start('+2348034440004')).degraded).toBe(false)
  })

  it('ledger: new codes go out, nothing else; then all of it is there', {
    timeout: 90_000,
  }, async () => {
    await cluster.postgres.kill()
    const sent = await start('+2348035550005')
    expect(sent, JSON.stringify(sent.body)).toMatchObject({ status: 201, body: { status: 'sent' } })
    const code = codeFor('+2348035550005')
    expect(code).toMatch(/^\d{6}$/)
    const refused = [
      await check(sent.body.id, code),
      await start('+2348036660006', { 'idempotency-key': 'k' }),
    ]
    for (const { status, headers } of refused) {
      expect(status).toBe(503)
      expect(headers.get('retry-after')).not.toBeNull()
    }
    await until('the loss is told', async () => (await troubleOf()).includes('ledger degraded'))
    await cluster.postgres.start()
    await until('it is back', isReady, 40_000)
    expect((await check(sent.body.id, code)).body).toMatchObject({ verified: true })
    expect(cluster.codesFor('+2348035550005')).toHaveLength(1)
    expect(cluster.codesFor('+2348036660006')).toHaveLength(0)
  })
})
