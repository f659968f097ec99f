import { describe, expect, it } from 'vitest'
import { nigerian, potential, row, T0 } from '../../test/fakes/asked-rows.js'
import type { Verdict } from '../engine/decision.js'
import type { Incident } from '../engine/detect/change.js'
import { DAY, HOUR, MINUTE } from '../engine/units.js'
import type { Decided } from './replay-decided.js'
import { createRowFacts, labSources } from './row-facts.js'
import { createScore } from './score.js'
import { createTimeline, type Timeline } from './timeline.js'
import { stepName, timelineCharts } from './timeline-charts.js'
import { timelinePage } from './timeline-page.js'
import type { LabelRow, TrafficRow } from './traffic.js'

const rowFacts = createRowFacts(labSources())
const decided = (asked: TrafficRow, verdict: Verdict, sent = verdict === 'allow'): Decided => {
  const { number, priceMicroUsd } = rowFacts(asked)
  const { id, at } = asked
  return {
    decision: { id, at, verdict, would: verdict, score: 0, reasons: [], sent },
    number,
    priceMicroUsd,
  }
}
function fill(timeline: Timeline, at: number, verdict: Verdict, part: Partial<TrafficRow> = {}) {
  const asked = row(`r${at}`, at, part)
  timeline.count(asked, decided(asked, verdict), null)
}

describe('a timeline', () => {
  it('tells how requests ended, by the minute and by whose they are', () => {
    const timeline = createTimeline()
    const count = (
      at: number,
      verdict: Verdict,
      sent: boolean,
      label: LabelRow['label'],
      price = 100_000,
    ) => {
      const asked = row('x', at, { priceMicroUsd: price })
      timeline.count(asked, decided(asked, verdict, sent), label)
    }
    count(1, 'allow', true, 'legit')
    count(2, 'challenge', true, 'legit', 30_000)
    count(3, 'challenge', false, 'attack')
    count(2 * MINUTE + 1, 'deny', false, 'attack')
    count(2 * MINUTE + 2, 'hold', false, 'attack')
    const { stepMs, from, slices } = timeline.result()
    expect({ stepMs, from }).toEqual({ stepMs: MINUTE, from: T0 })
    const none = { sent: 0, proven: 0, unsolved: 0, refused: 0, sentMicroUsd: 0 }
    expect(slices).toEqual({
      legit: [{ ...none, sent: 1, proven: 1, sentMicroUsd: 130_000 }, none, none],
      attack: [{ ...none, unsolved: 1 }, none, { ...none, refused: 2 }],
    })
  })

  it('grows coarser rather than longer, and loses nothing', () => {
    const timeline = createTimeline()
    const hours = 24 * 90
    for (let h = 0; h < hours; h++) fill(timeline, h * HOUR + 7 * MINUTE, 'allow')
    const { stepMs, from, slices } = timeline.result()
    expect(stepMs).toBe(6 * HOUR)
    expect(slices.unlabelled).toHaveLength(hours / 6)
    expect(slices.unlabelled?.every(({ sent }) => sent === 6)).toBe(true)
    expect(from).toBe(T0)
    fill(timeline, 4_000 * DAY, 'allow')
    const long = timeline.result()
    const all = long.slices.unlabelled ?? []
    expect(all.length).toBeLessThanOrEqual(1_500)
    expect(all.reduce((sum, { sent }) => sum + sent, 0)).toBe(hours + 1)
  })

  it('names the ranges that cost most for nothing, however many others there are', () => {
    const timeline = createTimeline()
    const idle = potential({ verifiedMs: null })
    for (let i = 0; i < 50_000; i++) {
      // one number in every block there is, and two blocks again and again
      fill(timeline, i, 'allow', { to: `+91${9_000_000_000 + i * 19_999}` })
      if (i % 1_000 === 0) fill(timeline, i, 'deny', { to: '+2348095550001', potential: idle })
      if (i % 5_000 === 0) fill(timeline, i, 'allow', { to: '+2348095560001', potential: idle })
      if (i % 4_000 === 0) fill(timeline, i, 'allow', { to: nigerian(1) })
    }
    const { ranges } = timeline.result()
    expect(
      ranges.map(({ block, requests, sent, refused }) => [block, requests, sent, refused]),
    ).toEqual([
      ['+234809555', 50, 0, 50],
      ['+234809556', 10, 10, 0],
    ])
  })

  it('of nothing has no charts', () => {
    expect(timelineCharts(createTimeline().result(), [])).toEqual([])
  })

  it.each([
    [MINUTE, 'minute'],
    [15 * MINUTE, '15 minutes'],
    [6 * HOUR, '6 hours'],
    [7 * DAY, '7 days'],
  ])('calls %d ms "%s"', (ms, name) => {
    expect(stepName(ms)).toBe(name)
  })
})

describe('the page of a timeline', () => {
  const incident: Incident = {
    id: 'i1',
    kind: 'attack',
    state: 'contained',
    service: 'signup',
    countries: ['NG'],
    ranges: Array.from({ length: 6 }, (_, i) => ({
      level: 'block' as const,
      key: `+23480955${i}`,
      country: 'NG',
      operatorRange: 'NG:x',
      sent: 20,
      verified: 0,
      expected: 14,
      evidence: 17,
    })),
    sources: [],
    firstSendAt: T0,
    openedAt: T0 + 3 * MINUTE,
    containedAt: T0 + 9 * MINUTE,
    closedAt: null,
    closedAs: null,
    lostMicroUsd: 2_500_000,
    savedMicroUsd: 90_000_000,
    refusedNumbers: 900,
    falsePositives: 0,
  }
  const score = createScore({ labelled: true })
  const timeline = createTimeline()
  for (let i = 0; i < 200; i++) {
    const asked = row(`r${i}`, i * 10_000)
    const done = decided(asked, i % 4 === 0 ? 'deny' : 'allow')
    const label = i % 4 === 0 ? 'attack' : 'legit'
    score.count(asked, done, label)
    timeline.count(asked, done, label)
  }
  const input = {
    title: 'a <b> & c.ndjson',
    score: score.summary(),
    incidents: [incident],
    timeline: timeline.result(),
  }

  it('stands by itself: charts, tables, no script and nothing from elsewhere', async () => {
    const html = await timelinePage(input)
    expect(html.match(/<svg /g)).toHaveLength(3)
    expect(html).not.toMatch(/<script|<link|src=|@import/i)
    expect(html).toContain('<h1>a &lt;b&gt; &amp; c.ndjson</h1>')
    expect(html).toContain(
      'block +234809550, block +234809551, block +234809552, block +234809553 and 2 more',
    )
    expect(html).toContain('USD 90.00')
    expect(html).toContain('2026-11-16 00:03')
  })

  it('shades incidents', async () => {
    const shaded = await timelinePage(input)
    const plain = await timelinePage({ ...input, incidents: [] })
    expect(shaded.match(/rgb\(209,73,91\)/g)?.length ?? 0).toBeGreaterThan(
      plain.match(/rgb\(209,73,91\)/g)?.length ?? 0,
    )
    expect(plain).toContain('None was opened.')
  })
})
