import { expect, it } from 'vitest'
import { address, asking, nigerian } from '../../../test/fakes/asked-rows.js'
import { DAY } from '../../engine/units.js'
import { createAwsSample } from './aws-sample.js'

const here = () => asking(createAwsSample({ coreCountries: ['NG'] }))

it('blocks past 5 requests for a number in 24 hours, and counts the blocked ones', () => {
  const { many, ask } = here()
  expect(many(7, 0, (i) => ({ ip: address(i) }))).toEqual([...Array(6).fill('allow'), 'deny'])
  expect(ask(DAY - 1, { ip: address(50) }).reasons).toEqual(['PHONE_VELOCITY'])
  // only the last request is still within its window
  expect(ask(2 * DAY - 2, { ip: address(51) }).verdict).toBe('allow')
})

it('blocks past 5 requests of an address', () => {
  const verdicts = here().many(7, 0, (i) => ({ to: nigerian(i), ip: address(1) }))
  expect(verdicts).toEqual([...Array(6).fill('allow'), 'deny'])
})

it('blocks past 10 requests for a number without its last three digits', () => {
  const { many } = here()
  const verdicts = many(12, 0, (i) => ({ to: `+2348031234${100 + i}`, ip: address(i) }))
  expect(verdicts).toEqual([...Array(11).fill('allow'), 'deny'])
})

it('weighs what is outside the core countries without blocking it by that alone', () => {
  const { ask } = here()
  // 1.25 x 1.25 is under 2; a data centre makes it 2.19
  expect(ask(0, { to: '+447400123456', ip: '81.2.69.142' }).verdict).toBe('allow')
  expect(ask(1, { to: '+447400123457', ip: '3.5.140.2' })).toEqual({
    verdict: 'deny',
    reasons: ['IP_NON_CORE_COUNTRY', 'PHONE_NON_CORE_COUNTRY', 'DATACENTER_IP'],
  })
})

it('refuses numbers that take no text', () => {
  expect(here().ask(0, { to: '+2342012345678' }).reasons).toContain('BANNED_PHONE_TYPE')
})
