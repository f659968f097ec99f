import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../units.js'
import { ABROAD, type Change } from './change.js'
import { createDetector } from './detector.js'
import type { OutcomeKind, SendSeen } from './events.js'

const MATURITY = 2 * MINUTE
const T0 = 1_795_392_000_000
const create = (capacity = 100_000) =>
  createDetector({ conversionOf: () => 0.7, maturityOf: () => MATURITY, capacity })
type Detector = ReturnType<typeof create>

let numbers = 0
function send(block: string, at: number, more: Partial<SendSeen> = {}): SendSeen {
  return {
    service: 'signup',
    country: 'NG',
    operatorRange: 'NG/1',
    block,
    subBlock: `${block}${numbers % 10}`,
    ipKey: null,
    subnetKey: null,
    asn: null,
    deviceId: null,
    accountId: null,
    numberHash: `n${++numbers}`,
    priceMicroUsd: 50_000,
    at,
    resend: false,
    knownGood: false,
    ...more,
  }
}
function tell(d: Detector, sent: SendSeen, outcome: OutcomeKind, at: number): void {
  d.observe({ ...sent, outcome, sentAt: sent.at, at })
}
/** People all over the country, for a day: one send a minute, 70 % verified. */
function people(d: Detector, from: number): number {
  let at = from
  for (let i = 0; i < 1_440; i++, at += MINUTE) {
    const sent = send(`+23480${String(1_000 + ((i * 37) % 900))}`, at)
    d.sent(sent)
    tell(
      d,
      sent,
      i % 10 < 7 ? 'verified' : 'unverified',
      at + (i % 10 < 7 ? 20 * SECOND : MATURITY),
    )
    d.pass(at)
  }
  return at
}
/** The same numbers for each detector of a comparison. */
function numbersAgain<T>(work: () => T): T {
  numbers = 0
  return work()
}
const COLD = '+234709999'
const incidents = (changes: Change[]) =>
  changes.flatMap((change) => (change.type === 'incident' ? [change] : []))
/** An attack on the cold block, a message every ten seconds, all matured. */
function attack(
  d: Detector,
  from: number,
  n: number,
): { at: number; sent: SendSeen[]; changes: Change[] } {
  const sent = Array.from({ length: n }, (_, i) => send(COLD, from + i * 10 * SECOND))
  for (const one of sent) d.sent(one)
  for (const one of sent) tell(d, one, 'unverified', one.at + MATURITY)
  const at = from + n * 10 * SECOND + MATURITY
  return { at, sent, changes: d.pass(at) }
}

it('tightens on overdue sends within seconds, and lets go when they verify', () => {
  const d = create()
  const at = people(d, T0)
  const sent = Array.from({ length: 8 }, (_, i) => send(COLD, at + i * 1_000))
  expect(d.facing(send(COLD, at), at)).toMatchObject({ tightened: 0, surprise: 0 })
  for (const one of sent) d.sent(one)
  d.pass(at + 50 * SECOND)
  const facing = d.facing(send(COLD, at), at + 50 * SECOND)
  expect(facing.tightened).toBeGreaterThan(1)
  expect(facing.surprise).toBe(6)
  for (const one of sent) tell(d, one, 'verified', at + 55 * SECOND)
  d.pass(at + 60 * SECOND)
  expect(d.facing(send(COLD, at), at + 60 * SECOND).tightened).toBe(0)
})

it('does not read overdue sends while deliveries are slow', () => {
  const d = create()
  const at = people(d, T0)
  for (let i = 0; i < 60; i++) {
    const sent = send(`+23480${String(1_000 + i)}`, at)
    d.sent(sent)
    tell(d, sent, 'verified', at + 90 * SECOND)
  }
  for (let i = 0; i < 8; i++) d.sent(send(COLD, at + 90 * SECOND))
  d.pass(at + 150 * SECOND)
  expect(d.facing(send(COLD, at), at + 150 * SECOND).tightened).toBe(0)
})

it('quarantines a block by conversion alone at one in a million, and says so to those who ask', () => {
  const d = create()
  const { at, changes } = attack(d, people(d, T0), 20)
  const begun = changes.flatMap((c) => (c.type === 'quarantine' ? [c.quarantine] : []))
  expect(begun).toMatchObject([{ level: 'block', key: COLD, because: 'conversion', strikes: 1 }])
  expect(d.facing(send(COLD, at), at)).toMatchObject({
    quarantinedUntil: at + HOUR,
    elevated: true,
  })
  expect(d.facing(send('+234801000', at), at).quarantinedUntil).toBe(0)
})

it('reopens with one message; verified it frees the block, unverified it doubles the time', () => {
  for (const outcome of ['verified', 'unverified'] as const) {
    const d = create()
    const at = people(d, T0)
    expect(d.exhausted(send(COLD, at), 'block', at)).toBe(true)
    expect(d.exhausted(send(COLD, at), 'block', at)).toBe(false)
    d.pass(at + HOUR)
    expect(d.facing(send(COLD, at), at + HOUR).quarantinedUntil).toBe(0)
    const one = send(COLD, at + HOUR + MINUTE)
    d.sent(one)
    expect(d.facing(one, one.at + 1).quarantinedUntil).toBe(one.at + MATURITY)
    const then = one.at + (outcome === 'verified' ? 20 * SECOND : MATURITY)
    tell(d, one, outcome, then)
    expect(d.facing(one, then + 1).quarantinedUntil).toBe(
      outcome === 'verified' ? 0 : then + 2 * HOUR,
    )
  }
})

it('counts money saved once per number and hour, gives back passed challenges, and sees who was a person', () => {
  const d = create()
  const { at, changes } = attack(d, people(d, T0), 20)
  expect(incidents(changes).map((c) => c.event)).toContain('opened')
  const figures = () => d.incidents()[0]
  const refuse = (numberHash: string, verdict: 'denied' | 'challenged', when: number): void =>
    d.refused({ ...send(COLD, when), numberHash, verdict })
  refuse('a', 'denied', at)
  refuse('a', 'denied', at + 1)
  refuse('b', 'challenged', at + 2)
  d.pass(at + 3)
  expect(figures()).toMatchObject({ savedMicroUsd: 100_000, refusedNumbers: 2, falsePositives: 0 })
  const passed = send(COLD, at + 4, { numberHash: 'b' })
  d.sent(passed)
  const other = send('+234801000', at + 5, { numberHash: 'a' })
  d.sent(other)
  tell(d, other, 'verified', at + 6)
  expect(figures()).toMatchObject({ savedMicroUsd: 50_000, refusedNumbers: 1, falsePositives: 1 })
  refuse('a', 'denied', at + 2 * HOUR)
  expect(figures()?.savedMicroUsd).toBe(100_000)
})

it('counts what went out against its advice as money, and as evidence of nothing', () => {
  const d = create()
  let at = people(d, T0)
  const charged = [send(COLD, at), send(COLD, at + SECOND)]
  for (const sent of charged) d.sent(sent)
  const advised = Array.from({ length: 40 }, (_, i) => send(COLD, at + 2 * SECOND + i * 100))
  for (const request of advised) d.advised(request)
  for (const sent of charged) tell(d, sent, 'unverified', sent.at + MATURITY)
  const became = (of: SendSeen[], how: 'verified' | 'lost' | 'unsent') => {
    for (const { service, numberHash, at: sentAt } of of)
      d.settled({ service, numberHash, sentAt, became: how })
    at += MATURITY
    d.pass(at)
    const [{ lostMicroUsd, savedMicroUsd, ranges } = {}] = d.incidents()
    expect(ranges).toMatchObject([{ level: 'block', key: COLD, sent: 2 }])
    expect(savedMicroUsd).toBe(0)
    return Math.round((lostMicroUsd ?? 0) / 50_000)
  }
  expect(became([], 'lost')).toBe(2)
  expect(became(advised.slice(0, 30), 'lost')).toBe(32)
  expect(became(advised.slice(0, 31), 'lost')).toBe(33)
  expect(became(advised.slice(31, 35), 'unsent')).toBe(33)
  // late: seven are no loss, and bring along the three that people leave unverified at 70 %
  expect(became(advised.slice(0, 7), 'verified')).toBe(23)
})

it('goes on counting what a range has cost when a wider one is named in its place', () => {
  const d = create()
  const { at } = attack(d, people(d, T0), 20)
  d.pass(at + MINUTE)
  const [{ ranges, lostMicroUsd } = {}] = d.incidents()
  expect(ranges).toMatchObject([{ level: 'operator', key: 'NG/1', sent: 20, verified: 0 }])
  expect(lostMicroUsd).toBe(20 * 50_000)
})

it('keeps what an operator has cost when its country is named in its place, and counts nothing twice', () => {
  const d = create()
  let at = people(d, T0)
  let failed = 0
  const fail = (operator: number): void => {
    const block = `+23490${operator}${String(1_000 + failed++)}`
    const sent = send(block, at, { operatorRange: `NG/${operator}` })
    d.sent(sent)
    tell(d, sent, 'unverified', at + MATURITY)
    at += 10 * SECOND
  }
  const named = () => {
    d.pass(at + MATURITY)
    return d.incidents().map(({ ranges, lostMicroUsd }) => ({
      keys: ranges.map(({ key }) => key),
      lost: lostMicroUsd,
    }))
  }
  for (let i = 0; i < 30; i++) fail(20)
  expect(named()).toEqual([{ keys: ['NG/20'], lost: 30 * 50_000 }])
  // the country hears of these as well, and then of all its other operators
  for (let i = 0; i < 5; i++) fail(20)
  for (let operator = 30; operator < 70; operator++) fail(operator)
  for (let operator = 30; operator < 70; operator++) fail(operator)
  expect(named()).toEqual([{ keys: ['NG'], lost: (35 + 80) * 50_000 }])
})

it('counts what was sent again to its ranges and not verified, and nothing that never went out', () => {
  const d = create()
  const { at, sent } = attack(d, people(d, T0), 20)
  /** in messages */
  const money = () => (d.incidents()[0]?.lostMicroUsd ?? 0) / 50_000
  const settle = (n: number, became: 'lost' | 'verified' | 'unsent', sentAt: number): void => {
    const { service, numberHash } = sent[n] as SendSeen
    d.settled({ service, numberHash, sentAt, became })
  }
  for (const [n, became] of (['lost', 'verified', 'unsent'] as const).entries()) {
    d.sent({ ...(sent[n] as SendSeen), at: at + n, resend: true })
    settle(n, became, at + n)
  }
  d.pass(at + MINUTE)
  // a verified message brings its usual share of unverified ones along
  expect(money()).toBeCloseTo(21 - 0.3 / 0.7, 1)
  settle(0, 'verified', at)
  d.pass(at + 2 * MINUTE)
  expect(money()).toBeCloseTo(20 - (2 * 0.3) / 0.7, 1)
})

it('a message that no provider took is not overdue', () => {
  const d = create()
  const at = people(d, T0)
  const sent = Array.from({ length: 8 }, (_, i) => send(COLD, at + i * 1_000))
  for (const one of sent) d.sent(one)
  for (const one of sent)
    d.unsent({ ...one, outcome: 'failed', sentAt: one.at, at: one.at + SECOND })
  d.pass(at + 50 * SECOND)
  expect(d.facing(send(COLD, at), at + 50 * SECOND).tightened).toBe(0)
})

it('takes late verifications back: what looked like an attack was slow', () => {
  const d = create()
  const from = people(d, T0)
  const sent = Array.from({ length: 8 }, (_, i) => send(COLD, from + i * 1_000))
  for (const one of sent) d.sent(one)
  for (const one of sent) tell(d, one, 'unverified', one.at + MATURITY)
  const at = from + 3 * MINUTE
  d.pass(at)
  expect(d.facing(send(COLD, at), at).tightened).toBe(4)
  for (const one of sent) tell(d, one, 'late', at + 1)
  expect(d.facing(send(COLD, at), at + 2).tightened).toBe(0)
})

it('does not take resends, or failures of one person, for anything', () => {
  const d = create()
  const at = people(d, T0)
  const first = send(COLD, at)
  d.sent(first)
  for (let i = 1; i < 10; i++) d.sent({ ...first, at: at + i * 30 * SECOND, resend: true })
  tell(d, first, 'unverified', at + MATURITY)
  expect(d.pass(at + 6 * MINUTE)).toEqual([])
  expect(d.facing(first, at + 6 * MINUTE).tightened).toBe(0)
})

it('goes on from a snapshot exactly alike, also when nothing happens but time', () => {
  const whole = create()
  let halves = create()
  const at = numbersAgain(() => people(whole, T0))
  numbersAgain(() => people(halves, T0))
  for (const d of [whole, halves]) numbersAgain(() => attack(d, at, 20))
  // the attack is over: candidates are dismissed at the time of a weighing, and flags named again after a minute
  for (let after = 10 * MINUTE; after < 2 * HOUR; after += 20 * SECOND) {
    const restarts = after % (100 * SECOND) === 0
    if (restarts) {
      const snapshot = JSON.parse(JSON.stringify(halves.snapshot()))
      halves = create()
      halves.restore(snapshot)
    }
    expect(halves.pass(at + after)).toEqual(whole.pass(at + after))
    if (restarts) expect(halves.snapshot().candidates).toEqual(whole.snapshot().candidates)
  }
  expect(whole.snapshot().weighing.at).toBeGreaterThan(at + HOUR)
  expect(halves.snapshot()).toEqual(whole.snapshot())
})

it('stays within its capacity, and what is attacked is not what is forgotten', () => {
  const d = create(2_000)
  let { at } = attack(d, people(d, T0), 20)
  for (let i = 0; i < 5_000; i++, at += 100) d.sent(send(`+23490${String(10_000 + i)}`, at))
  expect(d.snapshot().nodes.used).toBe(2_000)
  expect(d.facing(send(COLD, at), at).incidentId).toBe(d.incidents()[0]?.id)
})

it('a number that asks again surprises nobody, another one of its block does', () => {
  const d = create()
  const at = people(d, T0)
  const first = send('+234701234', at)
  d.sent(first)
  d.refused({ ...first, at: at + 30 * SECOND, verdict: 'challenged' })
  expect(d.facing(first, at + MINUTE).surprise).toBe(0)
  const other = send('+234701234', at + MINUTE)
  expect(d.facing(other, at + MINUTE).surprise).toBeGreaterThan(2)
})

describe('a block whose challenges nobody answers', () => {
  /** Two messages go out, then everybody is challenged. @param answered whether they come back with the answer */
  function turnAway(answered: boolean) {
    const d = create()
    let at = people(d, T0)
    const first = [send(COLD, at), send(COLD, at + SECOND)]
    for (const sent of first) d.sent(sent)
    for (let i = 0; i < 40; i++, at += 3 * SECOND) {
      const asked = send(COLD, at)
      d.refused({ ...asked, at, verdict: 'challenged' })
      if (answered) d.sent({ ...asked, at: at + SECOND })
    }
    for (const sent of first) tell(d, sent, 'unverified', sent.at + MATURITY)
    return incidents(d.pass(at + SECOND))
  }

  it('is named, though only two messages went out', () => {
    const [opened] = turnAway(false)
    expect(opened).toMatchObject({ event: 'opened', incident: { kind: 'attack' } })
    expect(opened?.incident.ranges[0]).toMatchObject({ level: 'block', key: COLD, sent: 2 })
    expect(opened?.incident.refusedNumbers).toBe(40)
  })

  it('is nobody to name when they do', () => {
    expect(turnAway(true)).toEqual([])
  })
})

it('names all destinations outside the markets when each of them gets too little to be told by', () => {
  const d = create()
  let at = people(d, T0)
  const abroad = (i: number, from: number) =>
    send(`+${880 + (i % 40)}17${10 + (i % 7)}`, from, {
      country: `X${i % 40}`,
      operatorRange: `X${i % 40}/one`,
      abroad: true,
    })
  // a few people a day outside the markets, who verify
  for (let i = 0; i < 40; i++) {
    const sent = abroad(i, T0 + i * 36 * MINUTE)
    d.sent(sent)
    tell(d, sent, 'verified', sent.at + 20 * SECOND)
  }
  at += MINUTE
  const sent = Array.from({ length: 60 }, (_, i) => abroad(i, at + i * 10 * SECOND))
  for (const one of sent) d.sent(one)
  for (const one of sent) tell(d, one, 'unverified', one.at + MATURITY)
  at += 600 * SECOND + MATURITY
  const [opened] = incidents(d.pass(at))
  expect(opened).toMatchObject({ event: 'opened', incident: { countries: [ABROAD] } })
  expect(opened?.incident.ranges).toMatchObject([{ level: 'abroad', sent: 60, verified: 0 }])
  expect(d.facing(abroad(99, at), at).elevated).toBe(true)
  expect(d.facing(send('+234801111', at), at).elevated).toBe(false)
})
