import { expect, it } from 'vitest'
import { address, asking, nigerian } from '../../../test/fakes/asked-rows.js'
import { HOUR, MINUTE } from '../../engine/units.js'
import { createVendorLimits } from './vendor-limits.js'

it('lets 5 codes an hour to a number, in a window that slides', () => {
  const { ask } = asking(createVendorLimits())
  for (let i = 0; i < 5; i++) expect(ask(i * 10 * MINUTE).verdict).toBe('allow')
  expect(ask(50 * MINUTE)).toEqual({ verdict: 'deny', reasons: ['per number, 1 hour'] })
  // what was refused did not count: the first one leaves after an hour
  expect(ask(HOUR).verdict).toBe('allow')
  expect(ask(HOUR + 1).verdict).toBe('deny')
})

it('lets 10 an hour from an address and 5 from a device', () => {
  const ips = asking(createVendorLimits()).many(11, 0, (i) => ({ to: nigerian(i), ip: address(1) }))
  expect(ips).toEqual([...Array(10).fill('allow'), 'deny'])
  const devices = asking(createVendorLimits()).many(6, 0, (i) => ({
    to: nigerian(i),
    ip: address(i),
    deviceId: 'd',
  }))
  expect(devices).toEqual([...Array(5).fill('allow'), 'deny'])
})

it('does not put requests without an address or device into one bucket', () => {
  const { many } = asking(createVendorLimits())
  expect(new Set(many(50, 0, (i) => ({ to: nigerian(i) })))).toEqual(new Set(['allow']))
})

it('with the allow-list refuses other countries whatever their volume', () => {
  const rules = createVendorLimits({ allowed: ['NG'] })
  const { ask } = asking(rules)
  expect(rules.name).toBe('vendor-limits+allow-list')
  expect(ask(0, { to: '+447400123456' })).toEqual({
    verdict: 'deny',
    reasons: ['country not allowed'],
  })
  expect(ask(1).verdict).toBe('allow')
})

it('scales every limit for curves', () => {
  const { many } = asking(createVendorLimits({ scale: 2 }))
  expect(many(21, 0, (i) => ({ to: nigerian(i), ip: address(1) })).lastIndexOf('allow')).toBe(19)
})
