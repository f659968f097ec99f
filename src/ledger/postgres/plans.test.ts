import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aCharged, aRequest } from '../../../test/conformance/ledger-rows.js'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../../test/fakes/postgres-server.js'
import { DAY, HOUR } from '../../engine/units.js'
import type { Ledger } from '../port.js'
import { timedId } from '../timed-id.js'
import { openPostgresLedger } from './open.js'

const TODAY = Date.UTC(2026, 10, 20)
/** A smaller table, of some thousand rows, is read whole for good reason: days to come are empty. */
const LARGE_BYTES = 100_000

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Plan Rows': number
  Plans?: Plan[]
}

describe.skipIf(skipped).each([
  { when: 'with statistics', days: 5, rows: 12_000, isAnalyzed: true },
  // the tables of a day that has begun, until PostgreSQL looks at them by itself, a minute or more
  { when: 'before there are any', days: 1, rows: 40_000, isAnalyzed: false },
])(`plans of PostgreSQL $when${why}`, ({ days, rows, isAnalyzed }) => {
  let server: PostgresServer
  let ledger: Ledger
  let url: string
  let large = new Set<string>()
  beforeAll(async () => {
    // each statement's plan goes to the log, as it was run
    server = await startPostgres({
      shared_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_format': 'json',
      'auto_explain.log_level': 'log',
      'auto_explain.log_nested_statements': 'on',
      log_min_messages: 'log',
      logging_collector: 'off',
      autovacuum: 'off',
    })
    url = await server.database()
    const clock = () => TODAY + days * DAY
    ledger = await openPostgresLedger({ url, numbers: 'clear', clock })
    // plans that are made for tables of no rows are kept
    if (!isAnalyzed) await askEverything()
    await fill()
  })
  afterAll(async () => {
    await ledger?.close()
    await server?.close()
  })

  /** As much that reading a table whole would look cheap nowhere. */
  async function fill(): Promise<void> {
    const database = new URL(url).pathname.slice(1)
    const hex = (n: string) => `lpad(to_hex(${n}), 12, '0')`
    const at = `(${TODAY} + (n::bigint * ${DAY * days} / ${rows}))`
    const id = (prefix: string) => `'${prefix}_' || ${hex(at)} || lpad(to_hex(n), 20, '0')`
    await ledger.commit([{ table: 'requests', row: aCharged('model', { credit: 'lost' }) }])
    for (let day = 0; day < days; day++) {
      const random = (bytes: number) => Buffer.alloc(bytes)
      const first = timedId('dec', TODAY + day * DAY, random)
      await ledger.commit([{ table: 'requests', row: aRequest(first) }])
    }
    for (const sql of [
      `insert into requests (id, at, service, kind, number, country, operator, block, ip, subnet, asn, device_id, account_id,
        price_micro_usd, verdict, would, mode, score, reasons, known_good, degraded, policy_version, verification_id, charge, credit, matures_at)
        select ${id('dec')}, ${at}, service, kind, '+23480' || n % 7000, country, operator, block, '10.0.' || n % 200 || '.1', subnet, asn,
        'device-' || n % 900, 'account-' || n % 900, price_micro_usd, verdict, would, mode, score, reasons, known_good, degraded, policy_version,
        ${id('ver')}, charge, case when n > ${rows} - 100 then 'reserved' else 'lost' end, ${at} + 600000
        from requests, generate_series(1, ${rows}) as n where id = 'model'`,
      `insert into sends (id, request_id, verification_id, at, updated_at, provider, provider_id, status, price_micro_usd)
        select ${id('msg')}, ${id('dec')}, ${id('ver')}, ${at}, ${at}, 'p', 'SM' || n, case when n > ${rows} - 10 then 'pending' else 'accepted' end, 1
        from generate_series(1, ${rows}) as n`,
      `insert into outcomes (at, request_id, kind, "from", "to") select ${at}, ${id('dec')}, 'lost', 'reserved', 'lost' from generate_series(1, ${rows}) as n`,
      `insert into verifications (id, service, number, "to", channel, status, checks, sends, created_at, updated_at, expires_at, context, request_id, version)
        select ${id('ver')}, 'signup', '+23480' || n % 7000, '', 'sms', case when n > ${rows} - 50 then 'sent' else 'expired' end, 0, 1, ${at}, ${at}, ${at} + 600000, '{}', ${id('dec')}, 0
        from generate_series(1, ${rows}) as n`,
      `insert into documents (kind, id, parent, at, version, body) select 'note', 'n' || n, 'p' || n % 50, n, 1, '{}' from generate_series(1, 20000) as n on conflict do nothing`,
      `insert into claims (scope, key, value, expires_at) select 'idempotency', 'k' || n, 'v', 9e15 from generate_series(1, 20000) as n on conflict do nothing`,
      ...['tally_minutes', 'tally_hours', 'tally_days'].map(
        (
          table,
        ) => `insert into ${table} select case when n % 3 = 0 then 'all' else 'block' end, ${TODAY} + (n / 300)::bigint * ${HOUR}, 'k' || n % 300, 'parent' || n % 20, 'signup',
        1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1 from generate_series(1, 30000) as n on conflict do nothing`,
      ),
      // as they are settled: a table that looks large
      'update requests set settled_at = at',
      ...(isAnalyzed ? ['analyze'] : []),
    ])
      await server.query(sql, database)
    const tables = await server.query<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > ${LARGE_BYTES}`,
      database,
    )
    large = new Set(tables.map(({ name }) => name))
    expect(large.size).toBeGreaterThan(4 * days)
  }

  /** As often as PostgreSQL needs to keep a plan. */
  async function askEverything(): Promise<void> {
    const number = '+234801234'
    const window = { from: TODAY + DAY, to: TODAY + 2 * DAY }
    const session = { from: TODAY + DAY, credit: ['reserved', 'lost'] as const, limit: 10 }
    const some = (await ledger.requests({ limit: 3 }))[1]
    const verificationId = some?.verificationId ?? ''
    const id = some?.id ?? ''
    const tally = { period: 'hour', from: TODAY, to: TODAY + 4 * HOUR } as const
    for (let round = 0; round < 7; round++) {
      await ledger.request(id)
      await ledger.requests({ verificationId, limit: 50 })
      await ledger.requests({ number, limit: 10 })
      await ledger.sessionSends({ number, service: 'signup', ...session })
      await ledger.requests({ number, ...window, limit: 10 })
      await ledger.requests({ limit: 10, before: (some?.seq ?? 0) - 5 })
      await ledger.conversion({ from: TODAY + DAY, to: TODAY + DAY + HOUR })
      await ledger.settle(id, ['reserved'], 'earned', { kind: 'verified', at: TODAY })
      await ledger.due(TODAY + 9 * DAY, 10)
      await ledger.verification(verificationId)
      await ledger.latestVerification('signup', number, ['sent'])
      await ledger.updateVerification(verificationId, round, { checks: 1 })
      await ledger.expired(TODAY + 9 * DAY, 10)
      await ledger.send('msg_0')
      await ledger.sendByProvider('p', 'SM77')
      await ledger.sends(verificationId)
      await ledger.updateSend('msg_0', { status: 'accepted' })
      await ledger.markInterruptedSends(TODAY, DAY)
      await ledger.outcomesOf(id)
      await ledger.putIfAbsent('challenge', `x${round}`, 'v', 9, 8)
      await ledger.document('note', 'n5')
      await ledger.documents({ kind: 'note', limit: 5, before: { at: 500, id: 'n9' } })
      await ledger.documents({ kind: 'note', parent: 'p5', limit: 5 })
      await ledger.putDocument({
        kind: 'note',
        id: 'n5',
        parent: '',
        at: 1,
        expiresAt: null,
        body: 1,
      })
      await ledger.charges((some?.seq ?? 0) - 9, 5)
      await ledger.requestsAfter(9, 5)
      await ledger.settlements(50, 5)
      await ledger.series({ ...tally, dimension: 'all' })
      await ledger.series({ ...tally, dimension: 'block', keys: ['k7'] })
      await ledger.top({ ...tally, dimension: 'block', prefix: 'k1' }, 'lost', 5)
      await ledger.top({ ...tally, dimension: 'block', parent: 'parent3' }, 'lost', 5)
      for (const by of [
        {},
        { number },
        { ip: '10.0.7.1' },
        { deviceId: 'device-7' },
        { accountId: 'account-7' },
      ]) {
        await ledger.search({ ...by, ...window, limit: 5 })
        await ledger.search({ ...by, limit: 5, before: some?.seq ?? 0 })
      }
      await ledger.rollUp(200, TODAY + DAY)
    }
  }

  /** Plans of what ran meanwhile, of statements that somebody wrote. */
  async function plansOf(work: () => Promise<unknown>): Promise<{ sql: string; plan: Plan }[]> {
    const from = server.log().length
    await work()
    // the log is a pipe: what was written last has come when our mark has
    const mark = `mark ${from} ${Math.round(performance.now())}`
    await server.query(`do $$ begin raise log '${mark}'; end $$`)
    await expect.poll(() => server.log().includes(mark), { timeout: 10_000 }).toBe(true)
    const plans: { sql: string; plan: Plan }[] = []
    for (const [, json] of server.log().matchAll(/plan:\n(\t?\{[\s\S]*?\n\t?\}\n)/g)) {
      const { 'Query Text': sql, Plan: plan } = JSON.parse(json ?? '') as {
        'Query Text': string
        Plan: Plan
      }
      plans.push({ sql, plan })
    }
    return plans
  }

  const scans = (plan: Plan): string[] => [
    ...(plan['Node Type'] === 'Seq Scan' && large.has(plan['Relation Name'] ?? '')
      ? [plan['Relation Name'] ?? '']
      : []),
    ...(plan.Plans ?? []).flatMap(scans),
  ]

  test('no table that grows is read whole', async () => {
    const plans = await plansOf(async () => {
      await askEverything()
      // an eighth of the minutes are over: where most are, reading all of them is right
      const now = TODAY + 2 * DAY + 12 * HOUR
      await ledger.retain({ requests: 400 * DAY, verifications: 400 * DAY }, now)
    })
    expect(plans.length).toBeGreaterThan(250)
    const whole = new Map<string, string[]>()
    for (const { sql, plan } of plans) {
      // the page of a search looks at 20,000 rows: here those are all there are
      if (sql.includes(' offset ') || sql.includes('set settled_at = at')) continue
      const found = scans(plan)
      if (found.length > 0) whole.set(sql, found)
    }
    expect(Object.fromEntries(whole)).toEqual({})
  })
})
