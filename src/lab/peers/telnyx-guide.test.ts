import { expect, it } from 'vitest'
import { address, asking, nigerian } from '../../../test/fakes/asked-rows.js'
import { MINUTE, SECOND } from '../../engine/units.js'
import { createTelnyxGuide } from './telnyx-guide.js'

it('lets 3 codes to a number and 20 from an address in 10 minutes', () => {
  const numbers = asking(createTelnyxGuide())
  expect(numbers.many(4, 0, () => ({}))).toEqual(['allow', 'allow', 'allow', 'deny'])
  expect(numbers.ask(10 * MINUTE).verdict).toBe('allow')
  const ips = asking(createTelnyxGuide())
  expect(ips.many(21, 0, (i) => ({ to: nigerian(i), ip: address(1) }))).toEqual([
    ...Array(20).fill('allow'),
    'deny',
  ])
})

it('lets 100 a minute go out over all', () => {
  const { ask, verified } = asking(createTelnyxGuide())
  for (let i = 0; i < 100; i++) {
    expect(ask(i, { to: nigerian(i) }).verdict).toBe('allow')
    verified(i, { to: nigerian(i) })
  }
  expect(ask(101, { to: nigerian(101) }).reasons).toEqual(['global, 1 minute'])
  expect(ask(MINUTE + 1, { to: nigerian(102) }).verdict).toBe('allow')
})

it('pauses a country under 30 % of more than 20, for 15 minutes, and no other', () => {
  const { ask } = asking(createTelnyxGuide())
  for (let i = 0; i < 21; i++) expect(ask(i * SECOND, { to: nigerian(i) }).verdict).toBe('allow')
  const at = 21 * SECOND
  expect(ask(at, { to: nigerian(21) }).reasons).toEqual(['country paused: verify ratio'])
  expect(ask(at, { to: '+447400123456' }).verdict).toBe('allow')
  expect(ask(at + 15 * MINUTE - 1, { to: nigerian(22) }).verdict).toBe('deny')
  expect(ask(at + 16 * MINUTE, { to: nigerian(23) }).verdict).toBe('allow')
})

it('leaves a country alone at 30 % and at 20 sends', () => {
  const { ask, verified } = asking(createTelnyxGuide())
  for (let i = 0; i < 30; i++) {
    expect(ask(i * SECOND, { to: nigerian(i) }).verdict).toBe('allow')
    if (i % 3 === 0) verified(i * SECOND, { to: nigerian(i) })
  }
})
