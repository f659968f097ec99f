import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mode } from '../../src/engine/decision.js'
import { DEFAULT_SERVICE } from '../../src/engine/defaults.js'
import { LINES, SUBJECTS } from '../../src/engine/policy.js'
import { createDecider } from '../../src/lab/replay.js'
import type { TrafficRow } from '../../src/lab/traffic.js'
import { memoryLines } from '../../src/lines/memory/memory.js'
import { createNetwork } from '../../src/network/source.js'
import { createPhone } from '../../src/phone/parse.js'
import { createCore } from '../../src/verify/core.js'
import { START } from './traffic.js'

const phone = createPhone()
const network = createNetwork()
const SERVICE = 'signup'

function gate(mode: Mode) {
  const policy = { ...DEFAULT_SERVICE, name: SERVICE, mode, markets: ['NG'] }
  const lines = memoryLines({ seed: 1 })
  const core = createCore({
    policy: { version: 1, mode, spendCaps: [], services: { [SERVICE]: policy }, fallback: null },
    policyVersion: 1,
    lines,
    facts: {
      parseNumber: phone.parse,
      sourceFacts: network.sourceFacts,
      priceOf: () => 110_000,
      numberKey: (e164) => e164,
    },
  })
  return { core, lines, ...createDecider(core) }
}

const row = fc.record({
  after: fc.integer({ min: 0, max: 90_000 }),
  number: fc.integer({ min: 0, max: 40 }),
  ip: fc.nat(3),
  device: fc.nat(8),
  verifiedMs: fc.option(fc.integer({ min: 4_000, max: 300_000 }), { freq: 2 }),
})

const rowsOf = (drawn: readonly (typeof row extends fc.Arbitrary<infer T> ? T : never)[]) => {
  let at = START
  return drawn.map(({ after, number, ip, device, verifiedMs }, i): TrafficRow => {
    at += after
    return {
      id: `r${i}`,
      at,
      service: SERVICE,
      to: `+23480341${10 + (number % 7)}${String(number).padStart(3, '0')}`,
      ip: `105.112.3.${ip + 1}`,
      deviceId: `d${device}`,
      accountId: null,
      sessionId: null,
      userAgent: null,
      sessionAgeMs: null,
      precedingEvents: null,
      priceMicroUsd: null,
      retryOf: null,
      potential: {
        deliveredMs: 1_000,
        deliveryError: null,
        verifiedMs,
        solves: { pow: true, captcha: true, channel: true },
        activates: true,
      },
    }
  })
}

describe('monitor and enforce', () => {
  it('count alike where every asked challenge is solved', async () => {
    let challenges = 0
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 5, maxLength: 60 }), async (drawn) => {
        const monitor = gate('monitor')
        const enforce = gate('enforce')
        const layout = enforce.core.policy.service(SERVICE)?.layout
        for (const r of rowsOf(drawn)) {
          const seen = await monitor.decide(r)
          const done = await enforce.decide(r)
          expect(seen?.decision.would).toBe(done?.decision.verdict)
          expect(seen?.decision.reasons).toEqual(done?.decision.reasons)
          expect(seen?.decision.sent).toBe(true)
          if (done?.decision.verdict === 'challenge') challenges++
          // what enforce refuses goes out in monitor, uncharged: from there on the worlds differ
          if (done?.decision.verdict === 'deny') return
          if (layout === undefined) throw new Error('no such service')
          const keys: string[] = SUBJECTS.map((s) => (s === 'global' ? s : ''))
          keys[LINES.indexOf('country')] = 'NG'
          keys[LINES.indexOf('service')] = SERVICE
          keys[LINES.indexOf('device')] = r.deviceId ?? ''
          keys[LINES.indexOf('ip')] = r.ip ?? ''
          const query = {
            service: SERVICE,
            layout,
            keys,
            country: 'NG',
            subscriber: -1,
            throttles: [],
            sources: [],
          }
          const counted = structuredClone(enforce.lines.gather(query, r.at))
          expect(monitor.lines.gather(query, r.at)).toEqual(counted)
        }
      }),
      { seed: 8, numRuns: 60 },
    )
    expect(challenges).toBeGreaterThan(50)
  })
})
