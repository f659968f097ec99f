import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../lab/random.js'
import {
  createKnowledge,
  type Knowledge,
  type KnowledgeSnapshot,
  type Matured,
  type Seen,
} from './knowledge.js'
import { sampleContext, type Variation } from './signals/sample.js'
import { SENDS_WITHOUT_OUTCOME } from './signals/unreported.js'
import type { Weighed } from './signals/weigh.js'
import { DAY, HOUR, MINUTE, SECOND } from './units.js'

const T0 = Date.UTC(2026, 10, 16)
const open = () =>
  createKnowledge({
    priorOf: (_, country) => (country === 'NG' ? 0.7 : 0.5),
    maturityMs: () => 2 * MINUTE,
    inMarket: (_, country) => country === 'NG',
  })
const throughJson = (snapshot: KnowledgeSnapshot): KnowledgeSnapshot =>
  JSON.parse(JSON.stringify(snapshot)) as KnowledgeSnapshot

/** Requests that ask each part of what is learned: usual hours, routes, country mix, weights, calibration. */
const REQUESTS: Variation[] = [
  {},
  { source: { country: 'GB' } },
  { source: { country: 'RU' } },
  { number: { country: 'LK', operatorRange: 'LK/Dialog' } },
  { source: { hosting: true }, client: { userAgent: 'curl/8.5' } },
  { block: { lost15m: 9, lost1h: 9, lostLong: 9, sends15m: 9, sends1h: 9 } },
  { operator: { sends1h: 400, sends15m: 300 }, ip: { numbers1h: 60, lostLong: 30 } },
]

const weighed = (knowledge: Knowledge, v: Variation, now: number): Weighed => {
  const { facts, counters } = sampleContext(v)
  return structuredClone(knowledge.weigh(facts, counters, now))
}
const answers = (knowledge: Knowledge, now: number) => ({
  weighed: REQUESTS.map((v) => weighed(knowledge, v, now)),
  norms: knowledge.norms('signup', 'NG', 'NG/MTN', now),
  unreported: knowledge.unreported('signup', now),
  calibrated: knowledge.isCalibrated('signup'),
  maturity: knowledge.baseline.maturity('signup', 'NG'),
})

const seenOf = (w: Weighed, ipCountry: string): Seen => ({
  raw: w.raw,
  p: 0.7,
  pLow: 0.6,
  present: w.present,
  ipCountry,
  knownGood: false,
})
const sentOf = (part: Partial<Matured>): Matured => ({
  service: 'signup',
  country: 'NG',
  operatorRange: 'NG/MTN',
  abroad: false,
  priceMicroUsd: 100_000,
  sentAt: T0,
  at: T0 + 20 * SECOND,
  outcome: 'verified',
  seen: null,
  frozen: false,
  ...part,
})

/** Some forty sends an hour: Nigerians, a few of them in Britain, and pumped ones to Sri Lanka from hosting. */
function feed(knowledge: Knowledge, random: Random, from: number, hours: number): void {
  for (let h = 0; h < hours; h++)
    for (let k = 0; k < 40; k++) {
      const sentAt = from + h * HOUR + k * 80 * SECOND
      const pumped = random.chance(0.1)
      const country = pumped ? 'LK' : 'NG'
      const operatorRange = pumped ? 'LK/Dialog' : 'NG/MTN'
      const ipCountry = pumped ? 'RU' : random.chance(0.1) ? 'GB' : 'NG'
      const look: Variation = {
        number: { country, operatorRange },
        source: { country: ipCountry, hosting: pumped },
      }
      const seen = seenOf(weighed(knowledge, look, sentAt), ipCountry)
      const block = `+${pumped ? '9477' : '234803'}${random.below(50)}`
      knowledge.sent('signup', country, operatorRange, block, sentAt)
      const verified = random.chance(pumped ? 0.02 : 0.7)
      knowledge.matured(
        sentOf({
          country,
          operatorRange,
          abroad: pumped,
          sentAt,
          at: sentAt + (verified ? random.lognormal(20 * SECOND, 0.8) : 2 * MINUTE),
          outcome: verified ? 'verified' : 'lost',
          seen,
        }),
      )
    }
}

describe('what is learned', () => {
  const END = T0 + 4 * DAY
  const taught = open()
  feed(taught, createRandom(1), T0, 96)
  const snapshot = throughJson(taught.snapshot())

  it('moves what requests weigh', () => {
    const before = answers(open(), END)
    const after = answers(taught, END)
    expect(before.calibrated).toBe(false)
    expect(after.calibrated).toBe(true)
    for (const i of REQUESTS.keys()) expect(after.weighed[i]).not.toEqual(before.weighed[i])
    // the route that verified lost its suspicion, the one that was pumped did not
    const p = (i: number): number => after.weighed[i]?.p ?? Number.NaN
    expect(p(1)).toBeLessThan(p(2))
    expect(before.weighed[1]?.p).toBe(before.weighed[2]?.p)
  })

  it('weighs the same after a snapshot through JSON and a restore', () => {
    const restored = open()
    // over what it knew already: nothing of that may stay
    feed(restored, createRandom(9), T0, 30)
    expect(answers(restored, END)).not.toEqual(answers(taught, END))
    restored.restore(throughJson(snapshot))
    for (const at of [END, END + 5 * HOUR, END + 3 * DAY])
      expect(answers(restored, at)).toEqual(answers(taught, at))
  })

  it('and goes on learning the same', () => {
    const [live, restored] = [open(), open()]
    for (const knowledge of [live, restored]) feed(knowledge, createRandom(2), T0, 40)
    restored.restore(throughJson(live.snapshot()))
    for (const knowledge of [live, restored]) feed(knowledge, createRandom(3), T0 + 40 * HOUR, 20)
    expect(throughJson(restored.snapshot())).toEqual(throughJson(live.snapshot()))
    expect(answers(restored, T0 + 61 * HOUR)).toEqual(answers(live, T0 + 61 * HOUR))
  })

  it('a snapshot is a copy: what is learned later does not reach it', () => {
    const knowledge = open()
    feed(knowledge, createRandom(4), T0, 3)
    const kept = knowledge.snapshot()
    const text = JSON.stringify(kept)
    feed(knowledge, createRandom(5), T0 + 3 * HOUR, 3)
    expect(JSON.stringify(kept)).toBe(text)
  })

  it('stays within its service', () => {
    const { facts, counters } = sampleContext()
    const elsewhere = { ...facts, service: 'login' }
    expect(taught.weigh(elsewhere, counters, END)).toEqual(open().weigh(elsewhere, counters, END))
  })
})

describe('an outcome', () => {
  const AT = T0 + 30 * HOUR
  const taught = (): Knowledge => {
    const knowledge = open()
    feed(knowledge, createRandom(6), T0, 30)
    return knowledge
  }
  /** Everything that is learned from outcomes, besides who reports. */
  const lessons = (knowledge: Knowledge) => {
    const { baseline, season, services } = throughJson(knowledge.snapshot())
    return { baseline, season, services }
  }
  const seen: Seen = {
    raw: -1,
    p: 0.7,
    pLow: 0.6,
    present: ['ip.numbers', 'block.conversion_1h'],
    ipCountry: 'GB',
    knownGood: false,
  }
  const sent = { sentAt: AT, at: AT + MINUTE, seen }

  it('teaches', () => {
    for (const outcome of ['verified', 'lost', 'late'] as const) {
      const knowledge = taught()
      const before = lessons(knowledge)
      knowledge.matured(sentOf({ ...sent, outcome }))
      expect(lessons(knowledge).services).not.toEqual(before.services)
      expect(lessons(knowledge).baseline).not.toEqual(before.baseline)
    }
  })

  it('teaches nothing when it failed, or while its range is frozen', () => {
    const [knowledge, untouched] = [taught(), taught()]
    for (let k = 0; k < 50; k++) {
      knowledge.matured(sentOf({ ...sent, outcome: 'failed' }))
      for (const outcome of ['verified', 'lost', 'late', 'failed'] as const)
        knowledge.matured(sentOf({ ...sent, outcome, frozen: true }))
    }
    expect(lessons(knowledge)).toEqual(lessons(untouched))
    const { weighed: of } = answers(knowledge, AT + HOUR)
    expect(of).toEqual(answers(untouched, AT + HOUR).weighed)
  })

  it('of a send whose looks were not kept teaches conversion only', () => {
    const knowledge = taught()
    const before = lessons(knowledge)
    knowledge.matured(sentOf({ ...sent, seen: null }))
    expect(lessons(knowledge).services).toEqual(before.services)
    expect(lessons(knowledge).baseline).not.toEqual(before.baseline)
  })

  it('that comes late leaves what a timely one leaves', () => {
    const [timely, late] = [taught(), taught()]
    const home = { ...sent, seen: { ...seen, ipCountry: 'NG' } }
    timely.matured(sentOf({ ...home, outcome: 'verified' }))
    late.matured(sentOf({ ...home, outcome: 'lost' }))
    late.matured(sentOf({ ...home, outcome: 'late' }))
    expect(lessons(late).baseline).toEqual(lessons(timely).baseline)
    const [a, b] = [lessons(late).services, lessons(timely).services]
    expect(a[0]?.[1].baseRate).toEqual(b[0]?.[1].baseRate)
    expect(a[0]?.[1].calibration).toEqual(b[0]?.[1].calibration)
    expect(a[0]?.[1].weights).toEqual(b[0]?.[1].weights)
  })

  it('is missed after two hundred sends without one, and the first brings the service back', () => {
    const knowledge = open()
    for (let k = 0; k < SENDS_WITHOUT_OUTCOME; k++) {
      expect(knowledge.unreported('signup', AT)).toBe(false)
      knowledge.matured(sentOf({ ...sent, outcome: k % 2 === 0 ? 'lost' : 'failed' }))
    }
    expect(knowledge.unreported('signup', AT)).toBe(true)
    const restored = open()
    restored.restore(throughJson(knowledge.snapshot()))
    expect(restored.unreported('signup', AT)).toBe(true)
    // even one that nothing is learned from
    knowledge.matured(sentOf({ ...sent, outcome: 'verified', frozen: true }))
    expect(knowledge.unreported('signup', AT)).toBe(false)
  })
})

describe('what is usual', () => {
  it('is filled into the counters of operator and country once there is a day of it', () => {
    const knowledge = open()
    const usual = (now: number) => {
      const { facts, counters } = sampleContext()
      knowledge.weigh(facts, counters, now)
      return [counters.operator.usualHourly, counters.country.usualFlat, counters.block.usualHourly]
    }
    feed(knowledge, createRandom(7), T0, 20)
    expect(usual(T0 + 20 * HOUR)).toEqual([null, null, null])
    feed(knowledge, createRandom(7), T0 + 20 * HOUR, 30)
    const [operator, country, block] = usual(T0 + 50 * HOUR)
    expect(Math.abs((operator ?? 0) - 36)).toBeLessThan(6)
    expect(Math.abs((country ?? 0) - 36)).toBeLessThan(6)
    expect(block).toBeNull()
  })

  it('leaves out an hour that belongs to an attack', () => {
    const [plain, flagged] = [open(), open()]
    for (const knowledge of [plain, flagged]) {
      feed(knowledge, createRandom(8), T0, 30)
      for (let k = 0; k < 2_000; k++)
        knowledge.sent('signup', 'NG', 'NG/MTN', '+234803123', T0 + 30 * HOUR + k)
    }
    flagged.exclude('signup', 'NG', 'NG/MTN', T0 + 30 * HOUR + MINUTE)
    const hourly = (knowledge: Knowledge, what: 'operator' | 'country') => {
      const { facts, counters } = sampleContext()
      knowledge.weigh(facts, counters, T0 + 54 * HOUR)
      return counters[what].usualHourly ?? Number.NaN
    }
    for (const what of ['operator', 'country'] as const) {
      expect(hourly(plain, what)).toBeGreaterThan(500)
      expect(hourly(flagged, what)).toBeLessThan(100)
    }
  })
})
