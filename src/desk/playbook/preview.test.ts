import { describe, expect, it } from 'vitest'
import { aRequest, T0 } from '../../../test/conformance/ledger-rows.js'
import type { MeasureAction, Target, TargetKind } from '../../engine/measures.js'
import { HOUR, MINUTE } from '../../engine/units.js'
import type { RequestRow } from '../../ledger/rows.js'
import { effectOf } from './preview.js'
import { isOf } from './target-traffic.js'

const PRICE = 110_000
const rowOf = (part: Partial<RequestRow> = {}): RequestRow =>
  aRequest('dec_1', {
    would: 'allow',
    reasons: [],
    knownGood: false,
    credit: 'lost',
    priceMicroUsd: PRICE,
    ...part,
  })
const effect = (
  rows: readonly RequestRow[],
  action: MeasureAction,
  kind: TargetKind = 'range',
  limit: number | null = null,
) => effectOf(rows, { target: { kind, key: '+234803', service: null }, action, limit })

describe('what a measure would have done', () => {
  it('counts people it would have refused apart from the money it would have saved', () => {
    const rows = [
      rowOf(),
      rowOf({ credit: 'earned' }),
      rowOf({ credit: 'activated' }),
      rowOf({ would: 'deny', credit: 'none' }),
    ]
    expect(effect(rows, 'block')).toEqual({
      requests: 4,
      stopped: 3,
      verified: 2,
      savedMicroUsd: PRICE,
      freed: 0,
      stoppedAlready: 1,
    })
  })

  it('what monitor mode sent against its own advice would have been stopped', () => {
    const sent = rowOf({ would: 'deny', mode: 'monitor', credit: 'lost' })
    expect(effect([sent], 'block')).toMatchObject({ stopped: 1, stoppedAlready: 0 })
  })

  it.each<[MeasureAction, TargetKind, number]>([
    ['block', 'range', 0],
    ['challenge', 'country', 0],
    ['hold', 'operator', 0],
    ['block', 'device', 1],
    ['block', 'ip', 1],
    ['pause', 'country', 1],
  ])('%s of a %s stops %i of the numbers verified before', (action, kind, stopped) => {
    expect(effect([rowOf({ knownGood: true })], action, kind).stopped).toBe(stopped)
  })

  it('the allow list passes a blocked range', () => {
    const [reason] = aRequest('x').reasons
    if (reason === undefined) throw new Error('no reason')
    const listed = rowOf({ reasons: [{ ...reason, code: 'list.allowed', verdict: 'allow' }] })
    expect(effect([listed], 'block').stopped).toBe(0)
  })

  it('a throttle lets its limit pass in any hour', () => {
    const at = (minutes: number) => rowOf({ at: T0 + minutes * MINUTE })
    const rows = [at(0), at(10), at(20), at(59), at(61), at(71)]
    expect(effect(rows, 'throttle', 'range', 2).stopped).toBe(2)
    expect(effect(rows, 'throttle', 'range', 0).stopped).toBe(6)
    expect(effect([at(0), rowOf({ at: T0 + 2 * HOUR })], 'throttle', 'range', 1).stopped).toBe(0)
  })

  it('an allow frees what was stopped, and stops nobody', () => {
    const rows = [rowOf(), rowOf({ would: 'deny', credit: 'none' })]
    expect(effect(rows, 'allow')).toMatchObject({ freed: 1, stopped: 0, verified: 0 })
  })
})

describe('requests of a target', () => {
  const row = rowOf({ accountId: 'a1', ip: '2001:db8:0:1::5', subnet: '2001:db8::/48' })
  it.each<[TargetKind, string, boolean]>([
    ['range', '+2348', true],
    ['range', '+234803123', true],
    ['range', '+2348031234567', true],
    ['range', '+234803124', false],
    ['operator', '234803', true],
    ['country', 'NG', true],
    ['country', 'GH', false],
    ['service', 'signup', true],
    ['ip', '2001:db8:0:1::/64', true],
    ['ip', '2001:db8:0:2::/64', false],
    ['subnet', '2001:db8::/48', true],
    ['network', 'AS29465', true],
    ['network', 'AS2946', false],
    ['device', 'device-1', true],
    ['account', 'a1', true],
  ])('%s %s: %s', (kind, key, expected) => {
    const target: Target = { kind, key, service: null }
    expect(isOf(target, row)).toBe(expected)
    expect(isOf({ ...target, service: 'login' }, row)).toBe(false)
  })

  it('a hashed number is told by its block', () => {
    const hashed = rowOf({ number: 'h:abc' })
    expect(isOf({ kind: 'range', key: '+2348031', service: null }, hashed)).toBe(true)
    expect(isOf({ kind: 'range', key: '+2348031234', service: null }, hashed)).toBe(false)
  })
})
