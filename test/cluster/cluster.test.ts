import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skipped as noPostgres, why as whyPostgres } from '../fakes/postgres-server.js'
import { skipped as noRedis, why as whyRedis } from '../fakes/redis-server.js'
import type { GatewayProcess } from './gateway-process.js'
import { startTopology, type Topology } from './topology.js'

let cluster: Topology
let a: GatewayProcess
let b: GatewayProcess

const start = (at: GatewayProcess, to: string, more: object = {}) =>
  at.call('POST', '/v1/verifications', {
    service: 'signup',
    to,
    context: { ip: '105.112.3.4' },
    ...more,
  })

describe.skipIf(noPostgres || noRedis)(`two gateways${whyPostgres}${whyRedis}`, () => {
  beforeAll(async () => {
    cluster = await startTopology()
    ;[a, b] = cluster.gateways as [GatewayProcess, GatewayProcess]
  }, 120_000)
  afterAll(() => cluster?.close())

  it('a verification that begins at one ends at another, and is resent at a third call', async () => {
    const to = '+2348031230001'
    const begun = await start(a, to)
    expect(begun).toMatchObject({ status: 201, body: { status: 'sent' } })
    const id = String(begun.body.id)
    const [code = ''] = cluster.codesFor(to)
    const wrong = await b.call('POST', `/v1/verifications/${id}/check`, {
      code: code === '0000' ? '1111' : '0000',
    })
    expect(wrong.status).not.toBe(500)
    const right = await b.call('POST', `/v1/verifications/${id}/check`, { code })
    expect(right).toMatchObject({ status: 200, body: { status: 'verified' } })
    const seen = await a.call('GET', `/v1/verifications/${id}`)
    expect(seen.body.status).toBe('verified')
  })
})
