import { describe, expect, it } from 'vitest'
import { factsOf } from '../../test/scenarios/attacker.js'
import type { Facts } from './facts.js'
import { compileLists } from './lists.js'

const facts = (): Facts => {
  const f = factsOf(
    {
      at: 0,
      number: '+2348031234567',
      block: '+234803123',
      operator: 'NG/MTN',
      country: 'NG',
      priceMicroUsd: 1,
      ip: '',
      device: 'd1',
      solves: false,
    },
    false,
  )
  const source = {
    ...f.source,
    ip: '2001:db8:1:2::9',
    ipKey: '2001:db8:1:2::/64',
    subnetKey: '2001:db8:1::/48',
    asn: 64500,
  }
  return { ...f, source, context: { ...f.context, accountId: 'a1' } }
}

describe('allow and deny lists', () => {
  it.each([
    '+2348031234567',
    '+23480*',
    '+2348031234567*',
    '+*',
    '2001:db8:1:2::9',
    '2001:db8:1:2::/64',
    '2001:db8:1::/48',
    'AS64500',
    'device:d1',
    'account:a1',
  ])('%s matches', (entry) => {
    expect(compileLists({ allow: [entry], deny: [] }).match(facts())).toEqual({
      list: 'allow',
      entry,
    })
  })

  it.each([
    '+234803123456',
    '+23481*',
    '+23480312345678*',
    '2001:db8:1:3::/64',
    'AS6450',
    'AS645000',
    'device:a1',
    'account:d1',
    'd1',
    '64500',
    '',
  ])('%s does not', (entry) => {
    expect(compileLists({ allow: [entry], deny: [] }).match(facts())).toBeNull()
  })

  it('denies before it allows', () => {
    const lists = compileLists({ allow: ['+2348031234567'], deny: ['AS64500'] })
    expect(lists.match(facts())).toEqual({ list: 'deny', entry: 'AS64500' })
    expect(lists.size).toBe(2)
  })

  it('a request without address, device or account matches no entry by what it lacks', () => {
    const f = facts()
    const bare: Facts = {
      ...f,
      number: { ...f.number, e164: '' },
      source: { ...f.source, ip: null, ipKey: null, subnetKey: null, asn: null },
      context: { ...f.context, deviceId: null, accountId: null },
    }
    const deny = ['', 'ASnull', 'device:null', 'account:null', 'null']
    expect(compileLists({ allow: [], deny }).match(bare)).toBeNull()
  })
})
