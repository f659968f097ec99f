import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { potential, row } from '../../test/fakes/asked-rows.js'
import type { Mode } from '../engine/decision.js'
import { DEFAULT_SERVICE } from '../engine/defaults.js'
import { MINUTE, SECOND } from '../engine/units.js'
import { type MemoryLines, memoryLines } from '../lines/memory/memory.js'
import { type Core, createCore } from '../verify/core.js'
import { createDecider, replay } from './replay.js'
import type { Decider, RowDecision } from './replay-decided.js'
import { labSources } from './row-facts.js'
import type { TrafficRow } from './traffic.js'

/**
 * Drawn traffic of people and a pump: few blocks, few addresses, codes entered early, late or never, retries, and challenges
 * that some pass and some do not. Most drawn files reach every verdict that the default policy has.
 */
const sources = labSources()

const draw = fc.record({
  after: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 40 * SECOND }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 * MINUTE }) },
  ),
  number: fc.nat(400),
  ip: fc.nat(40),
  device: fc.nat(60),
  verifiedMs: fc.option(fc.integer({ min: 4 * SECOND, max: 5 * MINUTE }), { freq: 1 }),
  failed: fc.integer({ min: 0, max: 11 }).map((n) => n === 0),
  pow: fc.boolean(),
  retry: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 3 }),
})
const traffic = fc.array(draw, { minLength: 10, maxLength: 90 }).map((drawn): TrafficRow[] => {
  let at = 0
  return drawn.map(({ after, number, ip, device, verifiedMs, failed, pow, retry }, i) => {
    at += after
    return row(`r${i}`, at, {
      to: `+23480341${10 + (number % 9)}${String(number).padStart(3, '0')}`,
      ip: `105.112.3.${ip + 1}`,
      deviceId: `d${device}`,
      retryOf: retry === null || retry > i ? null : `r${i - retry}`,
      potential: potential({
        deliveryError: failed ? 'undelivered' : null,
        verifiedMs,
        solves: { pow, captcha: pow, channel: pow },
      }),
    })
  })
})

function gate(mode: Mode = 'enforce'): { core: Core; lines: MemoryLines } {
  const service = { ...DEFAULT_SERVICE, name: 'signup', mode, markets: ['NG'] }
  const lines = memoryLines({ seed: 1, capacity: 10_000 })
  const core = createCore({
    policy: { version: 1, mode, spendCaps: [], services: { signup: service }, fallback: null },
    policyVersion: 1,
    lines,
    facts: sources,
  })
  return { core, lines }
}

async function decisions(decider: Decider, rows: readonly TrafficRow[]): Promise<RowDecision[]> {
  const made: RowDecision[] = []
  for (const asked of rows) {
    const decided = await decider.decide(asked)
    if (decided !== null) made.push(decided.decision)
  }
  return made
}

interface Learner {
  snapshot(): unknown
  restore(snapshot: unknown): void
}
/** What a core knows besides its lines. */
const learners = (core: Core): Learner[] =>
  [core.knowledge, Reflect.get(core, 'detector') as Learner | undefined].filter(
    (learner) => learner !== undefined,
  )

const image = (lines: MemoryLines): Buffer => Buffer.concat(lines.dump())

/** How often drawn traffic met each verdict: a property that never meets one says nothing about it. */
function tally() {
  const seen = { allow: 0, challenge: 0, hold: 0, deny: 0 }
  return {
    seen,
    note: (made: readonly RowDecision[]) => {
      for (const { verdict } of made) seen[verdict]++
    },
  }
}

describe('a replay', () => {
  it('decides alike however its rows are batched', async () => {
    const met = tally()
    await fc.assert(
      fc.asyncProperty(traffic, fc.array(fc.integer({ min: 1, max: 9 })), async (rows, sizes) => {
        const oneByOne = await decisions(createDecider(gate().core), rows)
        const batched: RowDecision[] = []
        const inner = createDecider(gate().core)
        await replay({
          decider: {
            ...inner,
            async decide(asked) {
              const decided = await inner.decide(asked)
              if (decided !== null) batched.push(decided.decision)
              return decided
            },
          },
          traffic: (async function* () {
            const left = [...rows]
            for (let i = 0; left.length > 0; i++) {
              // a batch arrives, and the event loop turns before the next one does
              await new Promise(setImmediate)
              yield* left.splice(0, sizes[i % Math.max(1, sizes.length)] ?? 3)
            }
          })(),
        })
        expect(batched).toEqual(oneByOne)
        met.note(oneByOne)
      }),
      { seed: 11, numRuns: 60 },
    )
    expect(met.seen.allow).toBeGreaterThan(100)
    expect(met.seen.challenge).toBeGreaterThan(100)
  })

  it('decides alike in two halves with a snapshot between them', async () => {
    const met = tally()
    await fc.assert(
      fc.asyncProperty(traffic, fc.double({ min: 0, max: 1, noNaN: true }), async (rows, share) => {
        const half = Math.floor(share * rows.length)
        const whole = await decisions(createDecider(gate().core), rows)

        // what is in flight is the ledger's and outlives the process; the lines and what was learned are the snapshot's
        let now = gate()
        const ledger = createDecider(
          new Proxy(now.core, { get: (_, name) => Reflect.get(now.core, name) }),
        )
        const before = await decisions(ledger, rows.slice(0, half))
        const learned: unknown[] = JSON.parse(
          JSON.stringify(learners(now.core).map((l) => l.snapshot())),
        )
        const dumped = image(now.lines)
        now = gate()
        now.lines.load(dumped)
        for (const [i, learner] of learners(now.core).entries()) learner.restore(learned[i])
        const after = await decisions(ledger, rows.slice(half))

        expect([...before, ...after]).toEqual(whole)
        met.note(whole)
      }),
      { seed: 12, numRuns: 60 },
    )
    expect(met.seen.challenge).toBeGreaterThan(100)
  })

  it('forgets when nothing is carried over: the property above can fail', async () => {
    const rows = Array.from({ length: 12 }, (_, i) =>
      row(`r${i}`, i * SECOND, { potential: potential({ verifiedMs: null }) }),
    )
    const whole = await decisions(createDecider(gate().core), rows)
    const forgetful = await decisions(createDecider(gate().core), rows.slice(6))
    expect(whole.slice(6)).not.toEqual(forgetful)
  })
})

describe('monitor and enforce', () => {
  it('count and charge alike as long as enforce would have sent', async () => {
    const met = tally()
    await fc.assert(
      fc.asyncProperty(traffic, async (drawn) => {
        const solves = { pow: true, captcha: true, channel: true }
        const rows = drawn.map((asked) => ({
          ...asked,
          potential: { ...asked.potential, solves },
        }))
        // from the first refusal on the worlds differ: in monitor mode the message went out, and its code may be entered
        const all = await decisions(createDecider(gate('enforce').core), rows)
        const refused = all.find(({ sent }) => !sent)?.id
        const end = rows.findIndex(({ id }) => id === refused)
        const alike = rows.slice(0, end < 0 ? rows.length : end)
        const enforce = gate('enforce')
        const monitor = gate('monitor')
        const enforced = await decisions(createDecider(enforce.core), alike)
        const watched = await decisions(createDecider(monitor.core), alike)
        expect(watched).toEqual(
          enforced.map((decision) => ({ ...decision, verdict: 'allow', would: decision.verdict })),
        )
        expect(image(monitor.lines).equals(image(enforce.lines))).toBe(true)
        expect(monitor.core.knowledge.snapshot()).toEqual(enforce.core.knowledge.snapshot())
        met.note(enforced)
      }),
      { seed: 13, numRuns: 60 },
    )
    expect(met.seen.allow).toBeGreaterThan(100)
    expect(met.seen.challenge).toBeGreaterThan(30)
  })
})
