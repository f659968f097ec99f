import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPackage } from '../e2e/built-package.js'
import { skipped as noPostgres, why as whyPostgres } from '../fakes/postgres-server.js'
import {
  skipped as noRedis,
  type RedisProcess,
  until,
  why as whyRedis,
} from '../fakes/redis-server.js'
import type { Answer, GatewayProcess } from './gateway-process.js'
import { startTopology, type Topology } from './topology.js'

/** Messages that USD 0.20 of opening credit in a block pay for, of USD 0.01 and of USD 0.05 each. */
const MOST = { cheap: 20, dear: 4 }

/** What decisions that a busy machine made degraded may add to the bound: docs/failure.md. */
const boundOf = (most: number, answers: readonly Answer[]): number =>
  answers.some(({ body }) => (body.decision as { degraded?: boolean } | undefined)?.degraded)
    ? 2 * most + 2
    : most

const ENV = { TOLLGATE_FAILURE_GATEWAYS: '3', TOLLGATE_FAILURE_LINES_TIMEOUT_MS: '2000' }

const skipped = noPostgres || noRedis
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-built-'))
  if (!skipped && process.env.TOLLGATE_MAIN === undefined) buildPackage(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(skipped).each(['cluster', 'sentinel'] as const)(
  `three gateways, lines in Redis: %s${whyPostgres}${whyRedis}`,
  (lines) => {
    let topology: Topology
    let gateways: readonly GatewayProcess[] = []
    const at = (n: number): GatewayProcess => gateways[n % 3] as GatewayProcess
    const start = (n: number, to: string) =>
      at(n).call('POST', '/v1/verifications', { service: 'signup', to })
    const sentOf = (numbers: readonly string[]) =>
      numbers.filter((to) => topology.codesFor(to).length > 0).length
    const allShared = () =>
      until(
        'all decide on the shared lines',
        async () => {
          const answers = await Promise.all(gateways.map((one) => one.call('GET', '/readyz')))
          return answers.every(({ body }) => body.status === 'ready')
        },
        40_000,
      )
    const primaries = () =>
      topology.lines.servers
        .filter(({ pid }) => pid !== 0)
        .filter((server) => server.ask('ROLE').startsWith('master'))
    /** ROLE of a primary: its offset, then address and offset of each replica. */
    const offsets = (primary: RedisProcess) => {
      const [, own, , , ofReplica] = primary.ask('ROLE').split('\n')
      return { own: Number(own), ofReplica: Number(ofReplica ?? -1) }
    }
    /** What was written until now; gateways write their marks all the time. */
    const copied = async (): Promise<void> => {
      const written = primaries().map((primary) => ({ primary, offset: offsets(primary).own }))
      await until('the replicas have all of it', () =>
        written.every(({ primary, offset }) => offsets(primary).ofReplica >= offset),
      )
    }
    const rebuilds = async (): Promise<number> => {
      const [row] = await topology.postgres.query<{ version: string }>(
        `select version from documents where kind = 'lines'`,
        new URL(topology.ledgerUrl).pathname.slice(1),
      )
      return Number(row?.version ?? 0)
    }

    beforeAll(async () => {
      topology = await startTopology({
        ...{ names: ['a', 'b', 'c'], lines, env: ENV },
        main: process.env.TOLLGATE_MAIN ?? join(folder, 'dist/cli/main.js'),
      })
      gateways = topology.gateways
      await allShared()
    }, 240_000)
    afterAll(() => topology?.close())

    it('a code of one is entered at another, once', async () => {
      const to = '+2348031230001'
      const { body } = await start(0, to)
      expect(body.status).toBe('sent')
      const [code = ''] = topology.codesFor(to)
      const answers = await Promise.all(
        Array.from({ length: 9 }, (_, i) =>
          at(i).call('POST', `/v1/verifications/${body.id}/check`, { code }),
        ),
      )
      expect(answers.filter((answer) => answer.body.verified === true)).toHaveLength(1)
    })

    it('what a range may cost is bounded over all, and a failover gives no fresh credit', async () => {
      const numbers = Array.from({ length: 90 }, (_, i) => `+234805555${1000 + i}`)
      const answers = await Promise.all(numbers.slice(0, 60).map((to, i) => start(i, to)))
      expect(sentOf(numbers)).toBeGreaterThan(4)
      expect(sentOf(numbers)).toBeLessThanOrEqual(boundOf(MOST.cheap, answers))
      // what was not copied is lost with its server, and nothing can tell
      await copied()
      await topology.lines.failover()
      // decided on own lines meanwhile, or on the shared ones: nobody is left without an answer
      const during = await Promise.all([0, 1, 2].map((n) => start(n, `+23480${60 + n}1230002`)))
      for (const { status, body } of during) expect(status, JSON.stringify(body)).toBe(201)
      await allShared()
      answers.push(...(await Promise.all(numbers.slice(60).map((to, i) => start(i, to)))))
      expect(sentOf(numbers)).toBeLessThanOrEqual(boundOf(MOST.cheap, answers))
    }, 60_000)

    it('lines that are gone are rebuilt by one of the three', async () => {
      const numbers = Array.from({ length: 12 }, (_, i) => `+23324123${1000 + i}`)
      const answers: Answer[] = []
      for (const [i, to] of numbers.slice(0, 6).entries()) answers.push(await start(i, to))
      expect(sentOf(numbers)).toBeGreaterThan(1)
      const rebuilt = await rebuilds()
      for (const server of primaries()) server.ask('FLUSHALL')
      await until('one of them rebuilds them', async () => (await rebuilds()) > rebuilt)
      await allShared()
      for (const [i, to] of numbers.slice(6).entries()) answers.push(await start(i, to))
      expect(sentOf(numbers)).toBeLessThanOrEqual(boundOf(MOST.dear, answers))
      expect(await rebuilds()).toBe(rebuilt + 1)
    }, 60_000)
  },
)
