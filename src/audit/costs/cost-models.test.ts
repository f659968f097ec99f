import { expect, it } from 'vitest'
import { createMessageLog, OUTCOME, STATUS } from '../message-log.js'
import { costModels } from './cost-models.js'
import { VENDOR_FEES } from './vendor-fees.js'

/** A thirty-day log of Nigerian messages at 0.10: `people` of them verify, `pumped` never do. */
function logOf(options: { people: number; pumped: number; currency?: string; known?: boolean }) {
  const { people, pumped, currency = 'USD', known = true } = options
  const log = createMessageLog()
  const size = people + pumped
  for (let i = 0; i < size; i++)
    log.add({
      at: Date.UTC(2026, 0, 1) + (i / (size - 1)) * 30.4375 * 86_400_000,
      number: 2_348_030_000_000 + i * 997,
      masked: 0,
      priceMicro: 100_000,
      currency,
      segments: 1,
      status: STATUS.delivered,
      outcome: !known ? OUTCOME.unknown : i < people ? OUTCOME.verified : OUTCOME.unverified,
      id: '',
      error: '',
      ip: '',
    })
  return {
    log,
    certainty: Uint8Array.from({ length: size }, (_, i) => (i < people ? 0 : 3)),
    probability: Float32Array.from({ length: size }, (_, i) => (i < people ? 0 : 1)),
    order: Uint32Array.from({ length: size }, (_, i) => i),
  }
}

it('reckons per message, per success and with the gate', () => {
  const labelled = logOf({ people: 600, pumped: 400 })
  const { models, breakEven } = costModels(labelled.log, labelled, {
    markets: ['NG'],
    saving: { saved: 39, touched: 0.012 },
  })
  const total = (title: string): number | undefined =>
    models.find((model) => model.title.includes(title))?.total
  expect(total('As billed')).toBeCloseTo(100, 6)
  // every message is still charged
  expect(total('Twilio Verify')).toBeCloseTo(100 + 600 * 0.05, 6)
  expect(total('Telnyx Verify')).toBeCloseTo(100 + 600 * 0.03, 6)
  expect(total('Tollgate')).toBeCloseTo(100 - 39 + 30, 6)
  expect(models.find(({ name }) => name === 'per_message')?.perVerified).toBeCloseTo(100 / 600, 9)
  // the euro vendor has no rate
  expect(models.map(({ title }) => title).join()).not.toContain('Vonage')
  expect(breakEven).toBe(
    'At USD 0.10 a message and 60 % of messages verified a verified code costs USD 0.17, and a contract that charges verified codes and nothing else pays below that price; at USD 0.05 a code, which is what Twilio Verify charges besides messages, it would pay at any conversion; the gate pays for its server from 769 messages a month like these.',
  )
})

it('converts fees where it is given rates, and leaves out what it cannot', () => {
  const naira = logOf({ people: 90, pumped: 10, currency: 'NGN' })
  const without = costModels(naira.log, naira, {
    markets: ['NG'],
    saving: { saved: 1, touched: 0 },
  })
  expect(without.models.map(({ name }) => name)).toEqual(['per_message', 'with_gate'])
  expect(without.models[1]?.total).toBeCloseTo(10 - 1, 6)
  expect(without.models[1]?.assumption).toContain('without the server it runs on')
  const withRates = costModels(naira.log, naira, {
    markets: ['NG'],
    usdPerUnit: 0.0005,
    rates: { EUR: 1.1 },
  })
  const vonage = withRates.models.find(({ title }) => title.startsWith('Vonage'))
  expect(vonage?.total).toBeCloseTo(10 + (90 * 0.05 * 1.1) / 0.0005, 4)
})

it('estimates the codes of a log without outcomes, and says per user nothing', () => {
  const silent = logOf({ people: 500, pumped: 500, known: false })
  const { models, breakEven } = costModels(silent.log, silent, { markets: ['NG'] })
  expect(models.every(({ perVerified }) => perVerified === null)).toBe(true)
  // 0.7 of what is not pumped
  expect(models[1]?.total).toBeCloseTo(100 + 350 * 0.05, 4)
  expect(breakEven).toContain('35 % of messages verified (estimated)')
})

it('has nothing to say of nothing', () => {
  const none = logOf({ people: 0, pumped: 0 })
  expect(costModels(none.log, none, { markets: [] }).breakEven).toContain('No break-even')
})

it('cites a page and a day for every published price', () => {
  for (const { source, seen, fee } of VENDOR_FEES) {
    expect(source).toMatch(/^https:\/\//)
    expect(seen).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(fee).toBeGreaterThan(0)
  }
})
