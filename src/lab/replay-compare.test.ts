import { describe, expect, it } from 'vitest'
import { row } from '../../test/fakes/asked-rows.js'
import { SECOND } from '../engine/units.js'
import { ALLOWED, type Contender, type ContenderVerdict } from './contender.js'
import { compare } from './replay-compare.js'
import { createPeerDecider } from './replay-peer.js'
import { createRowFacts, labSources } from './row-facts.js'
import type { LabelRow, TrafficRow } from './traffic.js'

const rowFacts = createRowFacts(labSources())
const no = (verdict: 'challenge' | 'deny', ...reasons: string[]): ContenderVerdict => ({
  verdict,
  reasons,
})
/** Answers by the device that asks; what it does not name it allows. A solved challenge passes. */
const scripted = (script: Record<string, ContenderVerdict>) => {
  const heard: string[] = []
  const contender: Contender = {
    name: 'scripted',
    decide: ({ deviceId }, _, solved) => (solved ? ALLOWED : (script[deviceId ?? ''] ?? ALLOWED)),
    outcome: ({ id }, _, what) => {
      heard.push(`${id} ${what}`)
    },
  }
  return { heard, decider: createPeerDecider(contender, rowFacts) }
}
async function* of<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
const asks = (...devices: string[]): TrafficRow[] =>
  devices.map((deviceId, i) => row(`r${i}`, i * SECOND, { deviceId }))

describe('rules of others in a replay', () => {
  it('are told what becomes of what they sent, and are not asked again once it was verified', async () => {
    const { heard, decider } = scripted({ bad: no('deny', 'ip'), odd: no('challenge', 'number') })
    const rows = [
      row('a', 0),
      row('b', SECOND, { deviceId: 'bad' }),
      row('c', 2 * SECOND, { deviceId: 'odd' }),
      row('d', 30 * SECOND, { retryOf: 'a' }),
    ]
    const made = []
    for (const asked of rows) made.push((await decider.decide(asked))?.decision ?? null)
    await decider.finish()
    expect(
      made.map((d) => d && [d.verdict, d.sent, d.score, d.reasons.map((r) => r.code)]),
    ).toEqual([
      ['allow', true, null, []],
      ['deny', false, null, ['ip']],
      ['challenge', true, null, ['number']],
      null,
    ])
    expect(heard).toEqual(['a verified', 'c verified'])
  })
})

describe('two rule sets side by side', () => {
  it('show who is treated differently, what it costs, and what was said', async () => {
    const labels: LabelRow[] = ['legit', 'legit', 'attack', 'attack', 'attack'].map((label, i) => ({
      id: `r${i}`,
      label: label as LabelRow['label'],
      campaign: null,
    }))
    const comparison = await compare({
      first: scripted({ x: no('deny', 'country'), y: no('deny', 'ip', 'country') }).decider,
      second: scripted({ x: no('deny', 'prefix'), good: no('challenge', 'ip') }).decider,
      traffic: of(asks('good', 'plain', 'x', 'y', 'y')),
      labels: of(labels),
    })
    expect(comparison.first.all).toMatchObject({ requests: 5, sent: 2, denied: 3, lost: 3 })
    expect(comparison.second.all).toMatchObject({ requests: 5, sent: 4, challenged: 1, denied: 1 })
    expect(comparison.second.attack).toMatchObject({ requests: 3, sentMicroUsd: 200_000 })
    expect(comparison.changed).toBe(3)
    expect(comparison.differences).toEqual([
      { first: 'deny', second: 'allow', requests: 2, legit: 0, attack: 2, moreMicroUsd: 200_000 },
      { first: 'allow', second: 'challenge', requests: 1, legit: 1, attack: 0, moreMicroUsd: 0 },
    ])
    expect(comparison.reasons).toEqual({
      first: [
        ['country', 2],
        ['ip', 2],
      ],
      second: [['ip', 1]],
    })
  })

  it('find nothing between alike', async () => {
    const script = { x: no('deny', 'a') }
    const { changed, differences } = await compare({
      first: scripted(script).decider,
      second: scripted(script).decider,
      traffic: of(asks('x', 'y', 'x')),
    })
    expect({ changed, differences }).toEqual({ changed: 0, differences: [] })
  })
})
