import { describe, expect, it } from 'vitest'
import { sampleContext } from '../engine/signals/sample.js'
import type { ChargedLine, ChargeRecord } from '../ledger/rows.js'
import type { Settling } from './core.js'
import { outcomeSeen, rangesOf, requestSeen } from './seen.js'

const SENT = Date.UTC(2026, 10, 16, 12)
const LINES: ChargedLine[] = [
  { line: 'subBlock', key: '+2348031234', cost: 100_000 },
  { line: 'block', key: '+234803123', cost: 100_000 },
  { line: 'country', key: 'NG', cost: 100_000 },
  { line: 'number', key: 'n:5f1c', cost: 1 },
  { line: 'ip', key: '102.89.1.2', cost: 1 },
  { line: 'subnet', key: '102.89.1.0/24', cost: 1 },
  { line: 'network', key: 'AS29465', cost: 1 },
  { line: 'device', key: 'd1', cost: 1 },
  { line: 'account', key: 'a1', cost: 1 },
]
const RANGES = {
  service: 'signup',
  country: 'NG',
  operatorRange: 'NG/MTN',
  block: '+234803123',
  subBlock: '+2348031234',
  abroad: false,
}

const settling = (lines: ChargedLine[], seen: ChargeRecord['seen'] = null): Settling => ({
  service: 'signup',
  country: 'NG',
  operatorRange: 'NG/MTN',
  charge: {
    lines,
    sources: ['device:d1'],
    numberKey: 'n:5f1c',
    opensSession: true,
    unitMicroUsd: 100_000,
    seen,
  },
  at: SENT,
  maturesAt: SENT + 120_000,
})
const without = (...names: string[]): ChargedLine[] => LINES.filter((l) => !names.includes(l.line))

describe('what the detector is told', () => {
  it('of a request: its ranges and sources, and its number by the key it is kept under', () => {
    const { facts } = sampleContext({ client: { accountId: 'a1' } })
    expect(requestSeen(facts, 'n:5f1c', true).abroad).toBe(true)
    const seen = requestSeen(facts, 'n:5f1c', false)
    expect(seen).toEqual({
      ...RANGES,
      ipKey: '102.89.1.2',
      subnetKey: '102.89.1.0/24',
      asn: 29_465,
      deviceId: 'd1',
      accountId: 'a1',
      numberHash: 'n:5f1c',
      priceMicroUsd: 100_000,
    })
    expect(JSON.stringify(seen)).not.toContain(facts.number.e164)
  })

  it('of an outcome: the keys its send was charged to, as its request had them', () => {
    const what = settling(LINES)
    const ranges = rangesOf(what)
    expect(ranges).toEqual(RANGES)
    if (ranges === null) return
    const { facts } = sampleContext({ client: { accountId: 'a1' } })
    expect(outcomeSeen(what, ranges, 'n:5f1c', 'verified', SENT + 20_000)).toEqual({
      ...requestSeen(facts, 'n:5f1c', false),
      outcome: 'verified',
      knownGood: false,
      sentAt: SENT,
      at: SENT + 20_000,
    })
  })

  it.each([
    ['verified', 'verified'],
    ['lost', 'unverified'],
    ['failed', 'failed'],
    ['late', 'late'],
  ] as const)('calls %s %s', (what, kind) => {
    expect(outcomeSeen(settling(LINES), RANGES, 'h', what, SENT).outcome).toBe(kind)
  })

  it('sources that were not carried are not made up', () => {
    const bare = settling(without('ip', 'subnet', 'network', 'device', 'account'))
    expect(outcomeSeen(bare, RANGES, 'h', 'lost', SENT)).toMatchObject({
      ipKey: null,
      subnetKey: null,
      asn: null,
      deviceId: null,
      accountId: null,
    })
  })

  it('a send that its ranges were not charged for says nothing of them', () => {
    expect(rangesOf(settling(without('block', 'subBlock')))).toBeNull()
    expect(rangesOf(settling([]))).toBeNull()
  })

  it('whether the number was known good when it was sent to', () => {
    const seen = { raw: -3, p: 0.7, pLow: 0.6, present: [], ipCountry: 'NG', knownGood: true }
    expect(outcomeSeen(settling(LINES, seen), RANGES, 'h', 'lost', SENT).knownGood).toBe(true)
    expect(outcomeSeen(settling(LINES), RANGES, 'h', 'lost', SENT).knownGood).toBe(false)
  })
})
