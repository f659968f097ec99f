import { describe, expect, it } from 'vitest'
import { potential, row, T0 } from '../../test/fakes/asked-rows.js'
import { DEFAULT_SERVICE } from '../engine/defaults.js'
import type { Change, Incident } from '../engine/detect/change.js'
import { MINUTE, SECOND } from '../engine/units.js'
import { memoryLines } from '../lines/memory/memory.js'
import { createCore } from '../verify/core.js'
import { createDecider } from './replay.js'
import { createIncidentList } from './replay-incidents.js'
import { labSources } from './row-facts.js'

const incident = (id: string, openedAt: number, more: Partial<Incident> = {}): Incident => ({
  id,
  kind: 'attack',
  state: 'open',
  service: 'signup',
  countries: ['NG'],
  ranges: [],
  sources: [],
  firstSendAt: openedAt,
  openedAt,
  containedAt: null,
  closedAt: null,
  closedAs: null,
  lostMicroUsd: 0,
  savedMicroUsd: 0,
  refusedNumbers: 0,
  falsePositives: 0,
  ...more,
})

describe('the passes of a replay', () => {
  it('come at whole multiples of five seconds, after what happened by then and before what is asked', async () => {
    const seen: string[] = []
    const core = createCore({
      policy: {
        version: 1,
        mode: 'enforce',
        spendCaps: [],
        services: {},
        fallback: { ...DEFAULT_SERVICE, mode: 'enforce' },
      },
      policyVersion: 1,
      lines: memoryLines({ seed: 1, capacity: 1_000 }),
      facts: labSources(),
    })
    const { settle } = core
    const detecting = Object.assign(core, {
      settle(...args: Parameters<typeof settle>) {
        seen.push(`${args[2]} ${args[3] - T0}`)
        return settle(...args)
      },
      pass(now: number): Change[] {
        seen.push(`pass ${now - T0}`)
        return [{ type: 'incident', event: 'updated', incident: incident('a', now) }]
      },
    })
    const incidents = createIncidentList()
    const decider = createDecider(detecting, { onChange: incidents.note })
    const verifiedMs = 12 * SECOND
    await decider.decide(row('r', 2_345, { potential: potential({ verifiedMs }) }))
    await decider.decide(row('s', 20 * SECOND, { potential: potential({ verifiedMs: null }) }))
    expect(seen).toEqual([
      'pass 5000',
      'pass 10000',
      'earned 14345',
      'activated 14345',
      'pass 15000',
      'pass 20000',
    ])
    await decider.finish()
    expect(seen.at(-1)).toBe(`pass ${20 * SECOND + 10 * MINUTE}`)
    expect(seen.some((text) => text.startsWith('lost'))).toBe(true)
    expect(incidents.all()).toEqual([incident('a', T0 + 20 * SECOND + 10 * MINUTE)])
  })
})

describe('the list of incidents', () => {
  it('keeps each as it was last reported, in order of their opening, and nothing but incidents', () => {
    const { note, all } = createIncidentList()
    const changing = incident('late', 200)
    note({ type: 'incident', event: 'opened', incident: changing })
    note({ type: 'incident', event: 'opened', incident: incident('early', 100) })
    note({ type: 'outage', event: 'begun', service: 'signup', country: 'NG', since: 1 })
    changing.lostMicroUsd = 7
    expect(all().map(({ id, lostMicroUsd }) => [id, lostMicroUsd])).toEqual([
      ['early', 0],
      ['late', 0],
    ])
    note({
      type: 'incident',
      event: 'closed',
      incident: incident('late', 200, { state: 'closed' }),
    })
    expect(all().map(({ state }) => state)).toEqual(['open', 'closed'])
  })

  it('forgets the oldest of very many', () => {
    const { note, all } = createIncidentList()
    for (let i = 0; i < 1_200; i++)
      note({ type: 'incident', event: 'opened', incident: incident(`i${i}`, i) })
    expect(all()).toHaveLength(1_000)
    expect(all()[0]?.id).toBe('i200')
  })
})
