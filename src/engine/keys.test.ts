import { describe, expect, it } from 'vitest'
import { factsOf } from '../../test/scenarios/attacker.js'
import { compileService } from './compile.js'
import { DEFAULT_SERVICE } from './defaults.js'
import { isAbroad, queryOf } from './keys.js'
import { LINES, SUBJECTS } from './policy.js'

const ask = {
  at: 0,
  number: '+94771234567',
  block: '+9477123',
  operator: 'LK/Dialog',
  country: 'LK',
  priceMicroUsd: 1,
  ip: '',
  device: 'x',
  solves: false,
}

describe('the keys of a request', () => {
  const service = compileService(
    { ...DEFAULT_SERVICE, markets: ['NG'], countries: { GB: 'allow' } },
    [],
  )

  it('what a request does not carry has no key', () => {
    const facts = factsOf(ask, false)
    const source = { ...facts.source, ip: null, ipKey: null, subnetKey: null }
    const { keys, sources } = queryOf(
      { ...facts, source, context: { ...facts.context, deviceId: null } },
      service,
      ask.number,
    )
    const empty = SUBJECTS.filter((_, i) => keys[i] === '')
    expect(empty).toEqual(['ip', 'subnet', 'network', 'device', 'account', 'session', 'apiKey'])
    expect(sources).toEqual(['', ''])
    expect(keys).toHaveLength(LINES.length + 2)
  })

  it('a device is no account of the same name', () => {
    const facts = factsOf(ask, false)
    const device = queryOf(facts, service, ask.number)
    const context = { ...facts.context, deviceId: null, accountId: 'x' }
    const account = queryOf({ ...facts, context }, service, ask.number)
    expect(device.sources.filter((s) => s !== '' && account.sources.includes(s))).toEqual([])
  })

  it('abroad is what is neither a market nor allowed', () => {
    expect(['NG', 'GB', 'LK'].map((c) => isAbroad(service, c))).toEqual([false, false, true])
    expect(isAbroad(compileService(DEFAULT_SERVICE, []), 'LK')).toBe(false)
  })
})
