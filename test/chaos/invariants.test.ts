import { describe, expect, test } from 'vitest'
import { ANSWER_LIMIT_MS, INVARIANTS, judge, RECOVERY_LIMIT_MS } from './invariants.js'
import type { Attempt, AttemptEnd, Message, RunRecord } from './record.js'

const PERSON = '+2348031234567'
const PUMPED = '+254712345001'

const answer = (end: Partial<Extract<AttemptEnd, { status: number }>>): AttemptEnd => ({
  status: 201,
  problem: null,
  id: 'ver_1',
  state: 'sent',
  verified: false,
  degraded: false,
  ...end,
})

const attempt = (given: Partial<Attempt>): Attempt => ({
  by: 'person',
  who: 1,
  to: PERSON,
  gateway: 0,
  call: 'start',
  operation: 'person-1',
  verification: null,
  from: 10_100,
  until: 10_200,
  end: answer({}),
  ...given,
})
const check = (given: Partial<Attempt> = {}): Attempt =>
  attempt({
    call: 'check',
    operation: 'person-1-check',
    verification: 'ver_1',
    from: 10_300,
    until: 10_400,
    end: answer({ status: 200, state: 'verified', verified: true }),
    ...given,
  })
const message = (given: Partial<Message> = {}): Message => ({
  at: 10_150,
  key: 'msg_1',
  to: PERSON,
  body: 'Your code is 123456.',
  ...given,
})

/** A run in which one gateway was killed from 5 s to 10 s, and one person verified after it. */
const held = (): RunRecord => ({
  attempts: [attempt({}), check()],
  messages: [message()],
  faults: [
    {
      name: 'kill',
      from: 5_000,
      until: 10_000,
      end: 60_000,
      gateways: [0],
      clockMs: 0,
    },
  ],
  outages: [{ gateway: 0, from: 5_000, until: 10_050 }],
  verifications: new Map([['ver_1', { to: PERSON, status: 'verified', sends: 1 }]]),
  allowed: new Map([
    [PERSON, 1],
    [PUMPED, 100],
  ]),
  gateways: 1,
  bounds: new Map([
    [
      'KE',
      {
        prefix: '+254',
        priceMicroUsd: 200_000,
        hourMicroUsd: 600_000,
        dayMicroUsd: 1_000_000,
        blockHourMicroUsd: 400_000,
        blockDayMicroUsd: 600_000,
      },
    ],
  ]),
})

/** @param change makes the record one of a run that broke its promise */
const broken = (change: (record: RunRecord) => void): string[] => {
  const record = held()
  change(record)
  return judge(record).map(({ invariant, fault, what }) => `${invariant} [${fault}] ${what}`)
}
/** Messages to the attack, each to a block of its own unless told otherwise, asked for one by one. */
const pump = (
  record: RunRecord,
  count: number,
  at = 11_000,
  block: (n: number) => number = (n) => n,
): void => {
  for (let n = 0; n < count; n++) {
    const to = `+25471${String(block(n)).padStart(3, '0')}${String(n).padStart(4, '0')}`
    record.messages.push(message({ at, key: `pump-${n}`, to, body: `code ${n}` }))
    record.allowed.set(to, 1)
    const by = {
      by: 'attack' as const,
      who: n,
      to,
      operation: `attack-${n}`,
      from: at - 200,
      until: at - 100,
    }
    record.attempts.push(attempt({ ...by, end: answer({ id: `ver_pump_${n}` }) }))
    record.verifications.set(`ver_pump_${n}`, { to, status: 'sent', sends: 1 })
  }
}
/** Requests of the attack that were refused. */
const refuse = (record: RunRecord, count: number): void => {
  for (let n = 0; n < count; n++) {
    const end = answer({ id: `ver_no_${n}`, state: 'denied' })
    record.attempts.push(
      attempt({
        by: 'attack',
        who: n,
        to: PUMPED,
        operation: `refused-${n}`,
        from: 20_000,
        until: 20_100,
        end,
      }),
    )
    record.verifications.set(`ver_no_${n}`, { to: PUMPED, status: 'denied', sends: 0 })
  }
}

test('a run that held everything breaks nothing', () => {
  expect(judge(held())).toEqual([])
})

describe('no code sent twice', () => {
  const twice = INVARIANTS[0]
  test('one message handed over again', () => {
    const found = broken(({ messages, allowed }) => {
      messages.push(message({ at: 10_160 }))
      allowed.set(PERSON, 2)
    })
    expect(found).toContain(`${twice} [kill] message msg_1 was handed over 2 times`)
    expect(found).toContain(`${twice} [kill] ${PERSON} got the same code twice`)
  })
  test('a retried start that sent another code', () => {
    const found = broken(({ attempts, messages, allowed }) => {
      attempts.push(attempt({ gateway: 1, from: 10_110 }))
      messages.push(message({ key: 'msg_2', body: 'Your code is 654321.' }))
      allowed.set(PERSON, 2)
    })
    expect(found).toEqual([`${twice} [kill] ${PERSON} got 2 messages for 1 operations`])
  })
  test('a message that no record says was allowed', () => {
    const found = broken(({ allowed }) => allowed.delete(PERSON))
    expect(found).toEqual([`${twice} [kill] ${PERSON} got 1 messages, the ledger allowed 0`])
  })
  test('another message for a resend is none too many', () => {
    const found = broken(({ attempts, messages, allowed }) => {
      attempts.push(
        attempt({ call: 'resend', operation: 'person-1-resend-2', verification: 'ver_1' }),
      )
      messages.push(message({ key: 'msg_2', body: 'Your code is 654321.' }))
      allowed.set(PERSON, 2)
    })
    expect(found).toEqual([])
  })
})

describe('no acknowledged verification lost', () => {
  const lost = INVARIANTS[1]
  test('a verification that is not there', () => {
    const found = broken(({ verifications }) => verifications.set('ver_1', null))
    expect(found[0]).toBe(`${lost} [kill] ver_1 was acknowledged and is not there`)
  })
  test('one that nobody could read', () => {
    const found = broken(({ verifications }) => verifications.delete('ver_1'))
    expect(found[0]).toBe(`${lost} [kill] ver_1 was acknowledged and is not there`)
  })
  test('an approval that was forgotten', () => {
    const found = broken(({ verifications }) =>
      verifications.set('ver_1', { to: PERSON, status: 'sent', sends: 1 }),
    )
    expect(found).toEqual([`${lost} [kill] ver_1 was approved and is sent`])
  })
  test('an id that was given to two people', () => {
    const found = broken(({ verifications }) =>
      verifications.set('ver_1', { to: '+2348030000000', status: 'verified', sends: 1 }),
    )
    expect(found[0]).toBe(`${lost} [kill] ver_1 is for another number`)
  })
})

test('no check approved twice', () => {
  const found = broken(({ attempts }) => attempts.push(check({ gateway: 1 })))
  expect(found).toEqual(['no check approved twice [kill] ver_1 was approved 2 times'])
})

describe('money within the bound', () => {
  const money = 'money within the bound [null]'
  test('a country: three messages are within, four are not', () => {
    const contained = (record: RunRecord) => refuse(record, 40)
    expect(
      broken((record) => {
        pump(record, 3)
        contained(record)
      }),
    ).toEqual([])
    expect(
      broken((record) => {
        pump(record, 4)
        contained(record)
      }),
    ).toEqual([`${money} KE: 4 messages for USD 0.80, the bound is USD 0.60`])
  })
  test('a block of it', () => {
    const found = broken((record) => {
      pump(record, 3, 11_000, () => 7)
      refuse(record, 40)
    })
    expect(found).toEqual([
      `${money} block +25471007: 3 messages for USD 0.60, the bound is USD 0.40`,
    ])
  })
  test('what two gateways may lose apart, and the bound of a day when the clock was moved', () => {
    const pumped = (count: number, change: (record: RunRecord) => void) =>
      broken((record) => {
        pump(record, count)
        refuse(record, 80)
        change(record)
      })
    // twice 0.60 and one message of 0.20
    expect(pumped(7, (record) => Object.assign(record, { gateways: 2 }))).toEqual([])
    expect(pumped(8, (record) => Object.assign(record, { gateways: 2 }))).toHaveLength(1)
    expect(
      pumped(4, ({ faults }) => Object.assign(faults[0] ?? {}, { clockMs: 3_600_000 })),
    ).toEqual([])
  })
})

describe('every request answered', () => {
  const silent = 'every request answered [kill]'
  const none: AttemptEnd = { failed: 'broken', detail: 'ECONNRESET' }
  test('no answer of a gateway that is there', () => {
    const found = broken(({ attempts }) => attempts.push(attempt({ from: 10_100, end: none })))
    expect(found).toEqual([
      `${silent} start of person-1 at gateway 0: no answer (broken: ECONNRESET)`,
    ])
  })
  test('no answer of one that is killed is nobody’s fault, but of another one it is', () => {
    const during = { from: 6_000, until: 6_001, end: none }
    expect(broken(({ attempts }) => attempts.push(attempt(during)))).toEqual([])
    expect(
      broken(({ attempts }) => attempts.push(attempt({ ...during, gateway: 1 }))),
    ).toHaveLength(1)
  })
  test('an answer that took too long', () => {
    const found = broken(({ attempts }) =>
      attempts.push(attempt({ from: 11_000, until: 11_001 + ANSWER_LIMIT_MS })),
    )
    expect(found).toEqual([
      `${silent} start of person-1 at gateway 0: 201 after ${ANSWER_LIMIT_MS + 1} ms`,
    ])
  })
  test.each([
    [500, 'internal'],
    [404, 'verification_not_found'],
    [401, 'unauthenticated'],
    [502, ''],
  ])('%i %s is no honest answer, killed or not', (status, problem) => {
    const end = answer({ status, problem, id: null, state: null })
    const found = broken(({ attempts }) =>
      attempts.push(attempt({ from: 6_000, until: 6_100, end })),
    )
    expect(found).toEqual([
      `${silent} start of person-1 at gateway 0: ${status} ${problem || 'without a code'}`,
    ])
  })
  test('503 with its reason is one', () => {
    const end = answer({ status: 503, problem: 'ledger_unavailable', id: null, state: null })
    expect(broken(({ attempts }) => attempts.push(attempt({ end })))).toEqual([])
  })
})

describe('recovered', () => {
  test('a gateway that sends no code any more', () => {
    const found = broken(({ faults }) => Object.assign(faults[0] ?? {}, { gateways: [0, 1] }))
    expect(found).toEqual(['recovered [kill] not before the next fault'])
  })
  test('a gateway that still decides on its own', () => {
    const found = broken((record) => {
      record.attempts = [attempt({ end: answer({ degraded: true }) }), check()]
    })
    expect(found).toEqual(['recovered [kill] not before the next fault'])
  })
  test('nobody verified after it', () => {
    const found = broken((record) => {
      record.attempts = record.attempts.filter(({ call }) => call === 'start')
    })
    expect(found).toEqual(['recovered [kill] not before the next fault'])
  })
  test('too late', () => {
    const late = 10_000 + RECOVERY_LIMIT_MS + 1
    const found = broken((record) => {
      record.attempts = [attempt({}), check({ from: late - 100, until: late })]
    })
    expect(found).toEqual([`recovered [kill] after ${RECOVERY_LIMIT_MS + 1} ms`])
  })
})

test('attack contained', () => {
  const found = broken((record) => {
    record.bounds.clear()
    record.bounds.set('KE', {
      prefix: '+254',
      priceMicroUsd: 1,
      hourMicroUsd: 1e9,
      dayMicroUsd: 1e9,
      blockHourMicroUsd: 1e9,
      blockDayMicroUsd: 1e9,
    })
    pump(record, 5)
    refuse(record, 10)
  })
  expect(found).toEqual(['attack contained [kill] 5 messages for 15 requests of the attack'])
})
