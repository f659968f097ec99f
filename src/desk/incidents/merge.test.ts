import { describe, expect, it } from 'vitest'
import type { Incident, NamedRange } from '../../engine/detect/change.js'
import { MINUTE } from '../../engine/units.js'
import { MAX_ENTRIES, type TimelineEntry, withEntry } from './kept-incident.js'
import { forgotten, merged } from './merge.js'

const T0 = Date.UTC(2026, 10, 20, 12)

const rangeOf = (key: string, sent = 10): NamedRange => ({
  level: 'block',
  key,
  country: 'NG',
  operatorRange: 'NG/MTN',
  sent,
  verified: 0,
  expected: 7,
  evidence: 20,
})

const incidentOf = (part: Partial<Incident> = {}): Incident => ({
  id: 'inc_1',
  kind: 'attack',
  state: 'open',
  service: 'signup',
  countries: ['NG'],
  ranges: [rangeOf('+234803123')],
  sources: [],
  firstSendAt: T0,
  openedAt: T0 + MINUTE,
  containedAt: null,
  closedAt: null,
  closedAs: null,
  lostMicroUsd: 1,
  savedMicroUsd: 0,
  refusedNumbers: 0,
  falsePositives: 0,
  ...part,
})

const events = ({ timeline }: { timeline: TimelineEntry[] }) => timeline.map(({ event }) => event)

describe('the book of incidents', () => {
  it('enters each step of the life once, however often it is told', () => {
    let kept = merged(null, incidentOf(), T0 + MINUTE)
    const told: Partial<Incident>[] = [
      {},
      { ranges: [rangeOf('+234803123'), rangeOf('+234803124')] },
      { state: 'contained', containedAt: T0 + 5 * MINUTE },
      { state: 'contained', containedAt: T0 + 5 * MINUTE },
      { state: 'open' },
      { state: 'contained', containedAt: T0 + 9 * MINUTE },
      {
        state: 'closed',
        containedAt: T0 + 9 * MINUTE,
        closedAt: T0 + 99 * MINUTE,
        closedAs: 'quiet',
      },
      {
        state: 'closed',
        containedAt: T0 + 9 * MINUTE,
        closedAt: T0 + 99 * MINUTE,
        closedAs: 'quiet',
      },
    ]
    for (const [i, part] of told.entries()) {
      const ranges = part.ranges ?? kept.ranges
      kept = merged(kept, incidentOf({ ...part, ranges }), T0 + (i + 2) * MINUTE)
    }
    expect(events(kept)).toEqual([
      'first send',
      'opened',
      'range added',
      'contained',
      'reopened',
      'contained',
      'closed',
    ])
  })

  it('keeps what people wrote', () => {
    const first = merged(null, incidentOf(), T0)
    const noted = { ...first, notes: [{ at: T0, by: 'Ada', text: 'told the carrier' }] }
    expect(merged(noted, incidentOf({ lostMicroUsd: 9 }), T0).notes).toHaveLength(1)
  })

  it('what the detector forgot is closed, and the reason is said', () => {
    const closed = forgotten(merged(null, incidentOf(), T0), T0 + MINUTE)
    expect(closed).toMatchObject({ state: 'closed', closedAt: T0 + MINUTE, closedAs: null })
    expect(closed.timeline.at(-1)?.detail).toMatch(/restarted/)
  })

  it('joins the like of one minute, and never drops how it began', () => {
    let timeline: TimelineEntry[] = []
    const add = (at: number, event: TimelineEntry['event'], subject: string): void => {
      timeline = withEntry(timeline, { at, event, subjects: [subject], by: null, detail: null })
    }
    add(T0, 'opened', 'x')
    for (let i = 0; i < 9; i++) add(T0 + i * 1_000, 'quarantine begun', `+23480${i}`)
    expect(timeline).toHaveLength(2)
    expect(timeline[1]).toMatchObject({ count: 9, subjects: expect.arrayContaining(['+234800']) })
    expect(timeline[1]?.subjects).toHaveLength(5)
    for (let i = 0; i < 2 * MAX_ENTRIES; i++) add(T0 + i * 2 * MINUTE, 'range added', `r${i}`)
    expect(timeline).toHaveLength(MAX_ENTRIES)
    expect(timeline[0]?.event).toBe('opened')
    expect(timeline.at(-1)?.subjects).toEqual([`r${2 * MAX_ENTRIES - 1}`])
  })

  it('a document stays small: of thousands of ranges those with most sends are kept', () => {
    const ranges = Array.from({ length: 3_000 }, (_, i) => rangeOf(`+23480${i}`, i))
    const kept = merged(null, incidentOf({ ranges }), T0)
    expect(kept.ranges).toHaveLength(250)
    expect(kept.ranges[0]?.sent).toBe(2_999)
    expect(JSON.stringify(kept).length).toBeLessThan(60_000)
  })
})
