import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_SERVICE } from '../engine/defaults.js'
import { memoryLines } from '../lines/memory/memory.js'
import { createPhone } from '../phone/parse.js'
import { createCore } from '../verify/core.js'
import { createDecider, replay } from './replay.js'
import { type Potential, readLabels, readTraffic, type TrafficRow } from './traffic.js'

const T0 = Date.UTC(2026, 10, 16)
const potential = (part: Partial<Potential> = {}): Potential => ({
  deliveredMs: 2_000,
  deliveryError: null,
  verifiedMs: null,
  solves: { pow: true, captcha: true, channel: true },
  activates: true,
  ...part,
})
const row = (id: string, at: number, part: Partial<TrafficRow> = {}): TrafficRow => ({
  id,
  at: T0 + at,
  service: 'signup',
  to: '+2348031234567',
  ip: null,
  deviceId: null,
  accountId: null,
  sessionId: null,
  userAgent: null,
  sessionAgeMs: null,
  precedingEvents: null,
  priceMicroUsd: null,
  retryOf: null,
  potential: potential(),
  ...part,
})

describe('replay', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'replay-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const core = () =>
    createCore({
      policy: {
        version: 1,
        mode: 'enforce',
        spendCaps: [],
        services: { signup: { ...DEFAULT_SERVICE, name: 'signup', mode: 'enforce' } },
        fallback: null,
      },
      policyVersion: 1,
      lines: memoryLines({ seed: 1 }),
      facts: {
        parseNumber: createPhone().parse,
        sourceFacts: () => ({
          ip: null,
          ipKey: null,
          subnetKey: null,
          asn: null,
          asnName: null,
          country: null,
          hosting: false,
        }),
        priceOf: () => 110_000,
        numberKey: (e164) => e164,
      },
    })
  async function run(rows: readonly object[], name = 'traffic.ndjson') {
    const file = join(folder, name)
    const text = rows.map((r) => `${JSON.stringify(r)}\n`).join('')
    await writeFile(file, name.endsWith('.gz') ? gzipSync(text) : text)
    const out = join(folder, 'decisions.ndjson')
    const score = await replay({ decider: createDecider(core()), traffic: readTraffic(file), out })
    const decisions = (await readFile(out, 'utf8'))
      .split('\n')
      .filter((l) => l !== '')
      .map((l) => JSON.parse(l))
    return { score, decisions }
  }

  it('comes to its end, skips a retry whose first try verified, and writes one decision a row asked', async () => {
    const { score, decisions } = await run([
      row('a', 0, { potential: potential({ verifiedMs: 20_000 }) }),
      row('b', 30_000, { retryOf: 'a' }),
      row('c', 40_000, { to: '+2348031234568' }),
      row('d', 90_000, { to: '+2348031234568', retryOf: 'c' }),
    ])
    expect(decisions.map((d) => [d.id, d.verdict, d.sent])).toEqual([
      ['a', 'allow', true],
      ['c', 'allow', true],
      ['d', 'allow', true],
    ])
    expect(score).toMatchObject({
      rows: 4,
      skipped: 1,
      from: T0,
      to: T0 + 90_000,
      all: { requests: 3, sent: 3, sentMicroUsd: 330_000, lost: 0 },
    })
  })

  it('hides the outcome from the engine until its time has come', async () => {
    const asks = (verifiedMs: number | null) =>
      Array.from({ length: 8 }, (_, i) =>
        row(`r${i}`, i * 1_000, { potential: potential({ verifiedMs }) }),
      )
    const early = await run(asks(60_000))
    const never = await run(asks(null))
    expect(early.decisions).toEqual(never.decisions)
  })

  it('solves a challenge only for who would, and counts the others as lost', async () => {
    const asks = (pow: boolean) =>
      Array.from({ length: 6 }, (_, i) =>
        row(`r${i}`, i * 5_000, {
          potential: potential({ solves: { pow, captcha: pow, channel: pow } }),
        }),
      )
    expect((await run(asks(false))).score.all).toMatchObject({ sent: 3, challenged: 3, lost: 3 })
    expect((await run(asks(true))).score.all).toMatchObject({ sent: 6, challenged: 3, lost: 0 })
  })

  it('reads gzip', async () => {
    expect((await run([row('a', 0)], 'traffic.ndjson.gz')).score.rows).toBe(1)
  })

  it.each([
    ['rows out of order', [row('a', 1_000), row('b', 0)], /:2: rows must be in time order/],
    [
      'a service the policy does not name',
      [row('a', 0, { service: 'other' })],
      /row a: the policy names no service "other"/,
    ],
    ['a row without outcomes', [{ ...row('a', 0), potential: null }], /:1: "potential" is missing/],
    ['no object', [[1]], /:1: "id" must be a string/],
  ])('says what is wrong with %s', async (_, rows, message) => {
    await expect(run(rows)).rejects.toThrow(message)
  })

  it('joins labels for the score only', async () => {
    const labels = join(folder, 'labels.ndjson')
    await writeFile(labels, '{"id":"b","label":"attack"}\n{"id":"a","label":"legit"}\n')
    async function* traffic() {
      yield row('a', 0)
      yield row('b', 1_000, { to: '+2348051234567' })
    }
    const score = await replay({
      decider: createDecider(core()),
      traffic: traffic(),
      labels: readLabels(labels),
    })
    expect(score.legit).toMatchObject({ requests: 1, sent: 1 })
    expect(score.attack).toMatchObject({ requests: 1, sent: 1, sentMicroUsd: 110_000 })
  })
})
