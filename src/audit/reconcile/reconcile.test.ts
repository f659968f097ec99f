import { describe, expect, it } from 'vitest'
import { logOfRows as logOf, message as row } from '../../../test/fakes/message-rows.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { createRandom } from '../../lab/random.js'
import { type Message, STATUS } from '../message-log.js'
import { reconcile } from './reconcile.js'
import { findings, reconcileTables } from './reconcile-text.js'
import type { InvoiceRow, Reconciliation } from './reconciliation.js'

const T0 = Date.UTC(2026, 10, 1)
const PLACES = [
  { start: 2_348_030_000_000, price: 0.11 },
  { start: 233_240_000_000, price: 0.25 },
  { start: 4_915_100_000_000, price: 0.1 },
] as const

const message = (part: Partial<Message>): Message => row({ at: T0, priceMicro: 110_000, ...part })

/** A month of 3,000 sends in three countries. */
function month(seed = 7): Message[] {
  const random = createRandom(seed)
  return Array.from({ length: 3_000 }, (_, i) => {
    const place = PLACES[i % 3] ?? PLACES[0]
    return message({
      at: Math.floor(T0 + (i / 3_000) * 30 * DAY),
      number: place.start + random.below(9_000_000),
      priceMicro: Math.round(place.price * 1e6),
      id: `SM${i}`,
    })
  })
}
/** What the provider makes of it: some seconds later, in an order of its own. */
const billedFor = (sends: readonly Message[], part: (i: number) => Partial<Message> = () => ({})) =>
  sends.map((send, i) => ({ ...send, at: send.at + 3_000, ...part(i) })).reverse()

/** 200 Ghanaian messages that nobody sent, on the tenth. */
const ghosts = Array.from({ length: 200 }, (_, i) =>
  message({
    at: T0 + 9 * DAY + i * MINUTE,
    number: 233_501_230_000 + i,
    priceMicro: 250_000,
    id: `XX${i}`,
  }),
)

/** Every unit of money of the invoice is accounted for. */
function expectBalance(result: Reconciliation): void {
  const { billed, expected, neverSent, billedTwice, outside, segments, price } = result
  const parts = [expected, neverSent, billedTwice, outside, segments, price]
  expect(parts.reduce((sum, { money }) => sum + money, 0)).toBeCloseTo(billed.money, 6)
}

describe('an invoice of messages', () => {
  const sends = month()

  it('agrees with the log it was made from, by id', () => {
    const result = reconcile(logOf(billedFor(sends)), logOf(sends))
    expect(result.matched).toEqual({ byId: 3_000, byNumber: 0, byCount: 0 })
    expect(result.neverSent.messages + result.notBilled.messages).toBe(0)
    expect(findings(result)[1]).toBe('Invoice and send log agree.')
    expectBalance(result)
  })

  it('finds what was never sent, with and without ids, and where', () => {
    for (const id of [{}, { id: '' }]) {
      const invoice = logOf([...billedFor(sends, () => id), ...ghosts])
      const result = reconcile(invoice, logOf(sends))
      expect(result.neverSent).toEqual({ messages: 200, segments: 200, money: 50 })
      expect(result.byCountry[0]).toMatchObject({ key: 'GH', neverSent: { messages: 200 } })
      expect(
        result.byDay.filter((line) => line.neverSent.messages > 0).map(({ key }) => key),
      ).toEqual(['2026-11-10'])
      expect(result.notBilled.messages).toBe(0)
      expect(result.examples[0]?.number).toMatch(/^\+23350\*+\d\d$/)
      expectBalance(result)
    }
  })

  it('does not pair a number with another of its sends out of time', () => {
    const twice = [message({ at: T0 }), message({ at: T0 + 2 * HOUR })]
    const result = reconcile(logOf([message({ at: T0 + HOUR })]), logOf(twice), {
      toleranceMs: 10 * MINUTE,
    })
    expect(result.neverSent.messages).toBe(1)
    // both sends lie around the one billed message: outside of what the invoice covers
    expect(result.notBilled.messages).toBe(0)
  })

  it('pairs as many resends as were sent, in the order of time', () => {
    const later = message({ at: T0 + HOUR, number: 4_915_112_345_678 })
    const resends = [...[0, 1, 2].map((i) => message({ at: T0 + i * MINUTE })), later]
    const billed = [...[0, 1, 2, 3].map((i) => message({ at: T0 + i * MINUTE + 30_000 })), later]
    const result = reconcile(logOf(billed), logOf(resends), { toleranceMs: MINUTE })
    expect(result.matched.byNumber).toBe(4)
    expect(result.neverSent.messages).toBe(1)
  })

  it('knows another time zone when it meets one', () => {
    const invoice = logOf(billedFor(sends, (i) => ({ id: '', at: (sends[i]?.at ?? 0) - 5 * HOUR })))
    const result = reconcile(invoice, logOf(sends))
    expect(result.matched.byNumber).toBe(3_000)
    expect(result.notes.join()).toContain("invoice's clock is 5 h behind")
  })

  it('matches an invoice that has days only', () => {
    const invoice = logOf(
      billedFor(sends, (i) => ({ id: '', at: Math.floor((sends[i]?.at ?? 0) / DAY) * DAY })),
    )
    expect(reconcile(invoice, logOf(sends)).matched.byNumber).toBe(3_000)
  })

  it('counts by range and day where numbers are masked', () => {
    const mask = ({ number }: Message): Partial<Message> => ({
      number: number - (number % 10_000),
      masked: 4,
      id: '',
    })
    const masked = billedFor([...sends, ...ghosts]).map((one) => ({ ...one, ...mask(one) }))
    const result = reconcile(logOf(masked), logOf(sends))
    expect(result.matched.byCount).toBe(3_000)
    expect(result.neverSent.messages).toBe(200)
    expect(result.notes.join()).toContain('Numbers are masked')
    expectBalance(result)
  })

  it('tells twice billed, not billed, failed and billed, and segments apart', () => {
    const failing = sends.map((one, i) => (i < 30 ? { ...one, status: STATUS.failed } : one))
    const billed = billedFor(failing.slice(100), (i) =>
      i < 40 ? { segments: 2, priceMicro: 2 * (failing[100 + i]?.priceMicro ?? 0) } : {},
    )
    // the first lie outside the time of the invoice unless something of it lies there too
    const first = billedFor(failing.slice(0, 30))
    const again = billedFor(failing.slice(200, 210))
    const result = reconcile(logOf([...billed, ...first, ...again]), logOf(failing))
    expect(result.billedTwice.messages).toBe(10)
    expect(result.notBilled.messages).toBe(70)
    expect(result.billedFailed.messages).toBe(30)
    expect(result.segments).toMatchObject({ messages: 40, segments: 40 })
    expect(result.segments.money).toBeCloseTo(
      failing.slice(100, 140).reduce((sum, { priceMicro }) => sum + priceMicro, 0) / 1e6,
      6,
    )
    expect(result.price.money).toBeCloseTo(0, 6)
    expectBalance(result)
  })

  it('finds a price that was doubled, against the send log and within the invoice', () => {
    const since = T0 + 20 * DAY
    const dearer = billedFor(sends, (i) => {
      const { at = 0, number = 0, priceMicro = 0 } = sends[i] ?? {}
      return at >= since && String(number).startsWith('233') ? { priceMicro: 2 * priceMicro } : {}
    })
    const result = reconcile(logOf(dearer), logOf(sends))
    const after = sends.filter(
      ({ at, number }) => at >= since && String(number).startsWith('233'),
    ).length
    expect(result.price.messages).toBe(after)
    expect(result.price.money).toBeCloseTo(after * 0.25, 6)
    expect(result.priceChanges[0]).toMatchObject({
      country: 'GH',
      since: '2026-11-21',
      from: 0.25,
      to: 0.5,
    })
    expect(result.priceChanges.reduce((sum, { money }) => sum + money, 0)).toBeCloseTo(
      result.price.money,
      6,
    )
    expectBalance(result)
    // a send log that knows no prices still shows the change
    const bare = logOf(sends.map((one) => ({ ...one, priceMicro: Number.NaN, currency: '' })))
    const blind = reconcile(logOf(dearer), bare)
    expect(blind.price.messages).toBe(0)
    expect(blind.priceChanges[0]).toMatchObject({ country: 'GH', to: 0.5 })
  })

  it('does not judge what the send log does not cover', () => {
    const half = sends.filter(({ at }) => at < T0 + 15 * DAY)
    const result = reconcile(logOf(billedFor(sends)), logOf(half))
    expect(result.neverSent.messages).toBeLessThanOrEqual(1)
    expect(result.outside.messages).toBeGreaterThan(1_490)
    expectBalance(result)
    const other = reconcile(logOf(billedFor(half)), logOf(sends))
    expect(other.notBilled.messages).toBeLessThanOrEqual(1)
  })

  it('is told in sentences and in tables that the command line can print', () => {
    const result = reconcile(logOf([...billedFor(sends), ...ghosts]), logOf(sends))
    expect(findings(result)).toEqual([
      'Billed 3,200 messages for USD 510.00; sent 3,000 between 2026-11-01 and 2026-11-30.',
      '200 billed messages were never sent: USD 50.00 (9.8 %).',
    ])
    const text = reconcileTables(result)
      .map(({ title, columns, rows }) => {
        for (const row of rows) expect(row).toHaveLength(columns.length)
        return [title, ...rows.map((row) => row.join(' '))].join('\n')
      })
      .join('\n')
    expect(text).toMatch(/By country\nGH 1,200 USD 300.00 1,000 200 USD 50.00 0 /)
    expect(text).not.toMatch(/\+23350\d{5}/)
  })

  it('has nothing to say against nothing', () => {
    const none = reconcile(logOf([]), logOf([]))
    expect(none.billed.messages).toBe(0)
    expect(reconcileTables(none)).toEqual([])
  })
})

describe('an invoice of sums', () => {
  const sends = month()
  const sum = (of: Partial<InvoiceRow>): InvoiceRow => ({
    period: '2026-11',
    country: 'NG',
    messages: 1_000,
    amount: 110,
    ...of,
  })
  const fair = [
    sum({}),
    sum({ country: 'GH', amount: 250 }),
    sum({ country: 'DE', messages: 1_000, amount: 100 }),
  ]

  it('agrees by month', () => {
    const result = reconcile(fair, logOf(sends))
    expect(result.invoice).toBe('sums')
    expect(result.neverSent.messages + result.notBilled.messages).toBe(0)
    expect(result.price.money).toBeCloseTo(0, 6)
    expectBalance(result)
  })

  it('finds what was never sent, what is missing and what was dearer', () => {
    const result = reconcile(
      [
        sum({ messages: 1_300, amount: 143 }),
        sum({ country: 'GH', amount: 300 }),
        sum({ country: 'DE', messages: 900, amount: 90 }),
        sum({ country: 'RU', messages: 50, amount: 30 }),
      ],
      logOf(sends),
    )
    const of = (country: string) => result.byCountry.find(({ key }) => key === country)
    expect(of('NG')?.neverSent.messages).toBe(300)
    expect(of('NG')?.neverSent.money).toBeCloseTo(33, 6)
    expect(of('GH')?.price).toBeCloseTo(50, 6)
    expect(of('DE')?.notBilled.messages).toBe(100)
    expect(of('RU')?.neverSent.money).toBeCloseTo(30, 6)
    expect(result.neverSent.messages).toBe(350)
    expectBalance(result)
  })

  it('evens out days that are cut at another hour', () => {
    const daily = (offsetMs: number): InvoiceRow[] => {
      const counts = new Map<string, number>()
      for (const { at, number } of sends) {
        if (!String(number).startsWith('234')) continue
        const day = new Date(at + offsetMs).toISOString().slice(0, 10)
        counts.set(day, (counts.get(day) ?? 0) + 1)
      }
      return [...counts].map(([period, messages]) =>
        sum({ period, messages, amount: messages * 0.11 }),
      )
    }
    const nigerian = logOf(sends.filter(({ number }) => String(number).startsWith('234')))
    const result = reconcile(daily(3 * HOUR), nigerian)
    expect(result.neverSent.messages).toBe(0)
    expect(result.byDay.length).toBeGreaterThan(29)
  })

  it('takes segments for what they are, and puts operators side by side', () => {
    const result = reconcile(
      [
        sum({ operator: 'MTN Nigeria', messages: 1_000, segments: 2_000, amount: 220 }),
        sum({ country: 'GH', amount: 250 }),
        sum({ country: 'DE', amount: 100 }),
      ],
      logOf(sends),
    )
    expect(result.segments).toMatchObject({ messages: 1_000, segments: 1_000 })
    expect(result.segments.money).toBeCloseTo(110, 6)
    const mtn = result.byOperator.find(({ key }) => key === 'NG/MTN Nigeria')
    expect(mtn?.sent.messages).toBeGreaterThan(100)
    expectBalance(result)
  })

  it('reads as finance reads it: nothing is shown that was not judged, and no cents of rounding', () => {
    const told = (invoice: InvoiceRow[]) => {
      const result = reconcile(invoice, logOf(sends))
      expectBalance(result)
      const tables = reconcileTables(result)
      return { sentences: findings(result), tables, text: JSON.stringify(tables) }
    }
    const rounded = told([sum({ amount: 109.9996 }), ...fair.slice(1)])
    expect(rounded.sentences[1]).toBe('Invoice and send log agree.')
    expect(rounded.text).not.toContain('-USD')
    expect(rounded.tables.map(({ title }) => title)).toEqual(['By country', 'By period'])
    expect(rounded.tables[1]?.columns.map(({ title }) => title)).toEqual([
      ...['period', 'billed', 'money', 'sent'],
    ])
    const operators = told([sum({ operator: 'MTN Nigeria' }), ...fair.slice(1)])
    expect(operators.tables[1]?.columns).toHaveLength(4)

    const odd = told([
      sum({ amount: 109 }),
      sum({ country: 'GH', messages: 1_001, amount: 250.25 }),
    ])
    expect(odd.sentences).toContain(
      '1,000 were billed at another price than expected: USD 1.00 less.',
    )
    expect(odd.sentences).toContain('1 billed message was never sent: USD 0.25 (0.1 %).')
  })

  it('does not judge what the send log does not cover', () => {
    const last = reconcile([...fair, sum({ period: '2026-09' })], logOf(sends))
    expect(last.neverSent.messages).toBe(0)
    expect(last.outside).toMatchObject({ messages: 1_000, money: 110 })
    expectBalance(last)
    expect(findings(last).join()).toContain('Of the billed messages 1000 lie before or after')
    const none = reconcile([sum({ period: '2026-09' })], logOf(sends))
    expect(findings(none)[1]).toBe('Nothing of the invoice could be compared.')
    const half = reconcile(fair, logOf(sends.filter(({ at }) => at < T0 + 15 * DAY)))
    expect(half.notes.join()).toContain('from 2026-11-01 to 2026-11-15: if more were sent')
  })

  it('refuses a period it cannot read', () => {
    expect(() => reconcile([sum({ period: 'November' })], logOf(sends))).toThrow(
      'invoice: "November" is no period; write 2026-11 or 2026-11-03',
    )
    expect(() => reconcile([sum({ period: '2026-02-30' })], logOf(sends))).toThrow(RangeError)
  })
})
