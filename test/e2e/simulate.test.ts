import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Driven } from '../../src/cli/simulate-live.js'
import { SCENARIOS } from '../../src/lab/scenarios/catalogue.js'
import { type LabelRow, readLabels, readTraffic, type TrafficRow } from '../../src/lab/traffic.js'
import { jsonOf, tollgate } from '../fakes/terminal.js'
import { Tollgate } from './command.js'
import { type Harness, startHarness } from './harness.js'
import { enforce } from './stage.js'

const dir = mkdtempSync(join(tmpdir(), 'tollgate-simulate-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('simulate into files', () => {
  const simulate = (...args: string[]) => tollgate(['simulate', ...args], { cwd: dir })

  test('lists every scenario with its title', async () => {
    const { out, exit } = await simulate('--list')
    expect(exit).toBe(0)
    for (const { name, title } of SCENARIOS) {
      expect(out).toContain(name)
      expect(out).toContain(title)
    }
    expect(jsonOf<unknown[]>(await simulate('--list', '--json'))).toHaveLength(SCENARIOS.length)
  })

  test('writes traffic and labels that replay reads', async () => {
    const args = ['four-blocks', '--seed', '3', '--scale', '0.05', '--days', '1']
    const written = await simulate(...args, '--service', 'login', '--out', 'a', '--json')
    expect(written.err).toBe('')
    const summary = jsonOf<{ rows: number; legit: number; attack: number }>(written)
    expect(summary.attack).toBeGreaterThan(1_000)
    expect(summary.legit).toBeGreaterThan(400)
    const rows: TrafficRow[] = []
    for await (const row of readTraffic(join(dir, 'a/traffic.ndjson'))) rows.push(row)
    const labels: LabelRow[] = []
    for await (const label of readLabels(join(dir, 'a/labels.ndjson'))) labels.push(label)
    expect(rows).toHaveLength(summary.rows)
    expect(labels.map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
    expect(labels.filter(({ label }) => label === 'attack')).toHaveLength(summary.attack)
    expect(new Set(labels.map(({ campaign }) => campaign))).toEqual(new Set([null, 'four-blocks']))
    expect(rows.every(({ service }) => service === 'login')).toBe(true)
  })

  test('the same files of the same seed', async () => {
    const read = async (out: string, seed: string) => {
      const args = ['agent-shop', '--scale', '0.02', '--days', '1', '--seed', seed, '--out', out]
      expect((await simulate(...args)).exit).toBe(0)
      return readFileSync(join(dir, out, 'traffic.ndjson'), 'utf8')
    }
    const first = await read('b', '5')
    expect(await read('c', '5')).toBe(first)
    expect(await read('d', '6')).not.toBe(first)
  })

  test('Ctrl-C leaves no half file', async () => {
    const out = join(dir, 'cut-short')
    const there = () => (existsSync(out) ? readdirSync(out) : [])
    const one = new Tollgate(['simulate', 'agent-shop', '--scale', '1000', '--out', out], dir)
    await expect.poll(there, { timeout: 30_000 }).toHaveLength(2)
    await one.kill('SIGINT')
    expect(there()).toEqual([])
  })

  test.each([
    [['no-such-thing', '--out', 'x'], 'there is no scenario "no-such-thing"'],
    [[], 'which scenario?'],
    [['agent-shop'], 'where should the traffic go?'],
    [['agent-shop', '--scale', '0', '--out', 'x'], 'above 0'],
    [['agent-shop', '--live', 'localhost:7700', '--key', 'a:b'], 'is no http URL'],
    [['agent-shop', '--live', 'http://127.0.0.1:7700'], '--key <id>:<secret>'],
    [['agent-shop', '--days', '1', '--out', '/dev/null/x'], 'cannot write into'],
  ])('%j says what is wrong', async (args, message) => {
    const { exit, err } = await simulate(...args)
    expect(exit).toBe(2)
    expect(err).toContain(message)
  })
})

describe('simulate against a gateway', () => {
  let harness: Harness
  beforeAll(async () => {
    harness = await startHarness({
      policy: enforce({ markets: ['NG', 'GH', 'KE'] }),
      clock: Date.now,
    })
  })
  afterAll(() => harness.close())

  const live = (scenario: string, ...more: string[]) => {
    const { id, secret } = harness.key
    const key = ['--key', `${id}:${secret}`, '--rate', '2000']
    return tollgate(['simulate', scenario, '--live', harness.url, ...key, ...more, '--json'])
  }

  test('asks for decisions, reports outcomes, and sums up both sides', async () => {
    const ran = await live('four-blocks', '--scale', '0.02', '--days', '1', '--limit', '1000')
    expect(ran.err).toBe('')
    const { legit, attack, outcomes } = jsonOf<Driven>(ran)
    expect(legit.requests + attack.requests).toBe(1_000)
    for (const side of [legit, attack])
      expect(side.sent + side.challenged + side.denied).toBe(side.requests)
    expect(legit.sent / legit.requests).toBeGreaterThan(0.8)
    expect(attack.sent / attack.requests).toBeLessThan(0.5)
    expect(outcomes.reported).toBeGreaterThan(legit.sent / 2)
    expect(outcomes.refused).toBe(0)
  })

  test('keeps to the rate', async () => {
    const ran = await live('clean-europe', '--rate', '100', '--limit', '30')
    expect(jsonOf<Driven>(ran).tookMs).toBeGreaterThanOrEqual(280)
  })

  test('says when the key is refused, and when the service is not there', async () => {
    const wrong = ['--live', harness.url, '--key', 'nobody:nothing', '--limit', '5']
    const refused = await tollgate(['simulate', 'clean-europe', ...wrong])
    expect(refused.exit).toBe(1)
    expect(refused.err).toContain('refuses the key')
    const scopeless = (await harness.keyWith('decide')).replace('Basic ', '')
    const key = Buffer.from(scopeless, 'base64').toString()
    const narrow = ['--live', harness.url, '--key', key, '--limit', '200', '--rate', '2000']
    const forbidden = await tollgate(['simulate', 'clean-europe', ...narrow])
    expect(forbidden.err).toContain('/v1/outcomes')
    const other = await live('clean-europe', '--service', 'nothing', '--limit', '5')
    expect(other.exit).toBe(1)
    expect(jsonOf<{ error: { mend: string } }>(other).error.mend).toContain('--service')
  })

  test('says when nobody answers', async () => {
    const nobody = ['--live', 'http://127.0.0.1:9', '--key', 'a:b', '--limit', '5']
    const { exit, err } = await tollgate(['simulate', 'clean-europe', ...nobody])
    expect(exit).toBe(1)
    expect(err).toContain('no gateway answers at http://127.0.0.1:9')
    expect(err).toContain('tollgate serve')
  })
})
