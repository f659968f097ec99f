import { describe, expect, it } from 'vitest'
import type { Incident } from '../../src/engine/detect/change.js'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/engine/units.js'
import { createStage, MATURITY_MS, PRICE, START } from './stage.js'

const COUNTRIES = [
  { name: 'NG', code: '234', perDay: 3_000, p: 0.7 },
  { name: 'ID', code: '62', perDay: 800, p: 0.6 },
]
const WARM = START + 26 * HOUR
const stage = (seed: number, more = {}) => createStage({ seed, countries: COUNTRIES, ...more })
type Stage = ReturnType<typeof stage>

const incidentChanges = (s: Stage) =>
  s.changes.flatMap(({ at, change }) => (change.type === 'incident' ? [{ at, ...change }] : []))
const last = (s: Stage): Incident => {
  const change = incidentChanges(s).at(-1)
  if (change === undefined) throw new Error('no incident')
  return change.incident
}

describe('a concentrated attack', () => {
  it.each([
    ['one cold block', 'NG', [5_000], 60],
    ['one block of the market', 'NG', [7], 20],
    ['three cold blocks where conversion is low', 'ID', [5_000, 5_001, 5_002], 20],
    ['ten blocks of the market', 'NG', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 60],
  ])(
    'on %s is named within a minute of its 15th matured send, with its money',
    (_, country, blocks, perMinute) => {
      const s = stage(21)
      s.runUntil(WARM)
      const from = s.now
      const until = from + 12 * MINUTE
      const sent = s.attack({ country, operator: 1, blocks, perMinute, from: from + SECOND, until })
      s.runUntil(until + 10 * MINUTE)
      const fifteenth = (sent[14]?.at ?? Number.NaN) + MATURITY_MS
      expect(s.opened()).toHaveLength(1)
      expect((s.opened()[0]?.at ?? 0) - fifteenth).toBeLessThanOrEqual(MINUTE)
      const [incident] = s.detector.incidents()
      expect(incident).toMatchObject({ kind: 'attack', countries: [country] })
      const attacked = new Set(sent.map((send) => send.block))
      const named = incident?.ranges ?? []
      const sum = (ranges: typeof named) => ranges.reduce((total, range) => total + range.sent, 0)
      const hit = sum(named.filter((range) => attacked.has(range.key)))
      expect(hit / sent.length).toBeGreaterThan(0.95)
      expect(hit / sum(named)).toBeGreaterThan(0.95)
      expect((incident?.lostMicroUsd ?? 0) / (sent.length * PRICE)).toBeGreaterThan(0.95)
      expect((incident?.lostMicroUsd ?? 0) / (sent.length * PRICE)).toBeLessThan(1.05)
      expect(Math.abs((incident?.firstSendAt ?? 0) - from)).toBeLessThan(2 * MINUTE)
    },
  )

  it('lives: opened, contained when the money stops, closed after a quiet hour', () => {
    const s = stage(22)
    s.runUntil(WARM)
    const until = s.now + 15 * MINUTE
    s.attack({ country: 'NG', operator: 1, blocks: [5_000], perMinute: 30, from: s.now + 1, until })
    s.runUntil(until + 90 * MINUTE)
    const life = incidentChanges(s).filter(({ event }) => event !== 'updated')
    expect(life.map(({ event }) => event)).toEqual(['opened', 'contained', 'closed'])
    expect(life[0]?.incident.state).toBe('open')
    expect((life[1]?.at ?? 0) - until).toBeLessThan(12 * MINUTE)
    expect(last(s)).toMatchObject({ state: 'closed', closedAs: 'quiet' })
    expect((last(s).closedAt ?? 0) - until).toBeGreaterThan(HOUR)
    expect(s.detector.incidents()).toEqual([])
  })

  it('names its subnet by lift, and joins what it sends from there to two countries', () => {
    const s = stage(23)
    s.runUntil(WARM)
    const until = s.now + 40 * MINUTE
    const attack = {
      operator: 1,
      blocks: [5_000],
      perMinute: 20,
      subnet: () => '66.6.6.0/24',
      until,
    }
    s.attack({ ...attack, country: 'NG', from: s.now + SECOND })
    s.attack({ ...attack, country: 'ID', from: s.now + 20 * MINUTE })
    s.runUntil(until)
    expect(s.opened()).toHaveLength(1)
    const [incident] = s.detector.incidents()
    expect(incident?.countries).toEqual(['NG', 'ID'])
    expect(incident?.sources[0]).toMatchObject({ kind: 'subnet', key: '66.6.6.0/24' })
    expect(incident?.sources[0]?.share).toBeGreaterThan(0.9)
  })

  it('keeps apart what shares neither country nor source', () => {
    const s = stage(23)
    s.runUntil(WARM)
    const until = s.now + 20 * MINUTE
    const attack = { operator: 1, blocks: [5_000], perMinute: 20, from: s.now + SECOND, until }
    s.attack({ ...attack, country: 'NG' })
    s.attack({ ...attack, country: 'ID' })
    s.runUntil(until)
    expect(s.opened()).toHaveLength(2)
  })

  it('on 200 cold blocks of one operator is an attack on the operator, not an outage', () => {
    const s = stage(24)
    s.runUntil(WARM)
    const blocks = Array.from({ length: 200 }, (_, i) => 5_000 + i)
    const until = s.now + HOUR
    s.attack({ country: 'NG', operator: 1, blocks, perMinute: 6, from: s.now + SECOND, until })
    s.runUntil(until)
    expect(s.changes.filter(({ change }) => change.type === 'outage')).toEqual([])
    expect(s.opened()).toHaveLength(1)
    const named = s.detector.incidents()[0]?.ranges ?? []
    expect(named.every((range) => range.operatorRange === 'NG/operator 1')).toBe(true)
  })

  it('on cold blocks of an operator is named beside one on a block of it that is named already and goes on', () => {
    const s = stage(24)
    s.runUntil(WARM)
    const blocks = Array.from({ length: 200 }, (_, i) => 5_000 + i)
    const until = s.now + 80 * MINUTE
    const attack = { country: 'NG', operator: 1, until }
    s.attack({ ...attack, blocks: [4_000], perMinute: 20, from: s.now + SECOND })
    s.attack({ ...attack, blocks, perMinute: 6, from: s.now + 20 * MINUTE })
    s.runUntil(until)
    const named = s.detector.incidents().flatMap(({ ranges }) => ranges)
    const sent = (level: string) =>
      named.filter((range) => range.level === level).reduce((sum, range) => sum + range.sent, 0)
    expect(sent('operator')).toBeGreaterThan(100)
  })
})

describe('an outage', () => {
  it.each([
    ['nothing arrives', { lost: 1 }],
    ['receipts say failed', { lost: 1, receipts: true }],
    ['half arrives', { lost: 0.6 }],
    ['all is five times slower', { slower: 5 }],
  ])('where %s is one, and no attack; it ends', (_, what) => {
    const s = stage(31)
    s.runUntil(WARM)
    const from = s.now
    s.trouble({ country: 'NG', from, until: from + 2 * HOUR, ...what })
    s.runUntil(from + 5 * HOUR)
    const outage = s.changes.flatMap(({ change }) => (change.type === 'outage' ? [change] : []))
    expect(outage.map(({ event, country }) => [event, country])).toEqual([
      ['begun', 'NG'],
      ['ended', 'NG'],
    ])
    const kinds = incidentChanges(s).map(({ incident, event }) => `${incident.kind} ${event}`)
    expect(kinds).toEqual(['outage opened', 'outage closed'])
  })

  it('freezes quarantine and tightening', () => {
    const s = stage(31)
    s.runUntil(WARM)
    s.trouble({ country: 'NG', from: s.now, until: s.now + 2 * HOUR, lost: 1 })
    s.runUntil(s.now + 90 * MINUTE)
    const keys = {
      service: 'signup',
      country: 'NG',
      operatorRange: 'NG/operator 1',
      block: '+234110007',
      subBlock: '+2341100071',
      numberHash: 'n',
    }
    expect(s.detector.exhausted(keys, 'block', s.now)).toBe(false)
    expect(s.detector.facing(keys, s.now)).toMatchObject({
      outage: true,
      tightened: 0,
      quarantinedUntil: 0,
    })
    expect(s.detector.exhausted({ ...keys, country: 'ID' }, 'block', s.now)).toBe(true)
  })
})

it('has nothing to report of four clean days', () => {
  const s = stage(41, { passMs: 30 * SECOND, concentration: 20 })
  s.runUntil(START + 4 * DAY)
  expect(s.changes).toEqual([])
})

it('goes on from a snapshot as if nothing had happened', () => {
  const play = (restart: boolean) => {
    const s = stage(51, { passMs: 10 * SECOND })
    s.runUntil(START + 20 * HOUR)
    s.attack({
      country: 'NG',
      operator: 1,
      blocks: [5_000, 5_001],
      perMinute: 10,
      from: s.now + SECOND,
      until: s.now + 20 * MINUTE,
    })
    for (let i = 0; i < 12; i++) {
      s.runUntil(s.now + 5 * MINUTE + 3 * SECOND)
      if (restart) s.restart()
    }
    return s
  }
  const whole = play(false)
  const halves = play(true)
  expect(whole.opened()).toHaveLength(1)
  expect(halves.changes).toEqual(whole.changes)
  expect(JSON.stringify(halves.detector.snapshot())).toBe(JSON.stringify(whole.detector.snapshot()))
})
