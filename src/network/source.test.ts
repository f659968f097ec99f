import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testFolder } from '../../test/fakes/test-folder.js'
import { ATTRIBUTION, createNetwork, sourceFacts } from './source.js'

const COUNTRY_FILE = createRequire(import.meta.url).resolve(
  '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb',
)

describe('sourceFacts', () => {
  test('of an IPv4 address', () => {
    expect(sourceFacts('88.198.7.200')).toEqual({
      ip: '88.198.7.200',
      ipKey: '88.198.7.200',
      subnetKey: '88.198.7.0/24',
      asn: 24940,
      asnName: 'Hetzner Online GmbH',
      country: 'DE',
      hosting: true,
    })
    expect(sourceFacts('200.1.2.3').subnetKey).toBe('200.1.2.0/24')
  })

  test('of an IPv6 address, by /64 and /48', () => {
    expect(sourceFacts('2A01:4F8:0C17:1234:5:6:7:8')).toEqual({
      ip: '2a01:4f8:c17:1234:5:6:7:8',
      ipKey: '2a01:4f8:c17:1234::/64',
      subnetKey: '2a01:4f8:c17::/48',
      asn: 24940,
      asnName: 'Hetzner Online GmbH',
      country: 'DE',
      hosting: true,
    })
  })

  test('of the two largest mobile networks of Nigeria: not hosting', () => {
    expect(sourceFacts('197.210.64.1')).toMatchObject({ asn: 29465, country: 'NG', hosting: false })
    expect(sourceFacts('105.112.0.1')).toMatchObject({ asn: 36873, country: 'NG', hosting: false })
  })

  test('an IPv4 address in IPv6 is the IPv4 one', () => {
    expect(sourceFacts('::ffff:197.210.64.1')).toEqual(sourceFacts('197.210.64.1'))
  })

  test('addresses of one /64 share a key, those of one /48 a subnet, and no more', () => {
    const a = sourceFacts('2001:db8:1:2::1')
    const b = sourceFacts('2001:db8:1:2:ffff::1')
    const c = sourceFacts('2001:db8:1:3::1')
    expect(b.ipKey).toBe(a.ipKey)
    expect(c.ipKey).not.toBe(a.ipKey)
    expect(c.subnetKey).toBe(a.subnetKey)
    expect(sourceFacts('2001:db8:2:2::1').subnetKey).not.toBe(a.subnetKey)
  })

  test.each([null, '', 'unknown', '1.2.3', '1.2.3.4.5', 'x'.repeat(10_000), '::1::'])(
    '%.20j has no keys, so that it shares no line with anybody',
    (ip) => {
      expect(sourceFacts(ip)).toEqual({
        ip: null,
        ipKey: null,
        subnetKey: null,
        asn: null,
        asnName: null,
        country: null,
        hosting: false,
      })
    },
  )

  test.each([
    '10.1.2.3',
    '127.0.0.1',
    '192.168.0.1',
    '172.31.255.255',
    '100.64.0.1',
    '169.254.1.1',
    '::1',
    'fc00::1',
    'fe80::1%eth0',
  ])('%s is private: keyed, of no network', (ip) => {
    const facts = sourceFacts(ip)
    expect(facts).toMatchObject({ asn: null, asnName: null, country: null, hosting: false })
    expect(facts.ipKey).not.toBeNull()
    expect(facts.subnetKey).not.toBeNull()
  })

  test('an address seen before gives the same object, which nobody can change', () => {
    const facts = sourceFacts('197.210.64.2')
    expect(sourceFacts('197.210.64.2')).toBe(facts)
    expect(Object.isFrozen(facts)).toBe(true)
  })
})

describe('createNetwork', () => {
  test("an operator's own list adds to the reviewed one and takes from it", () => {
    const network = createNetwork({ hosting: [29465], notHosting: [24940] })
    expect(network.sourceFacts('197.210.64.1').hosting).toBe(true)
    expect(network.sourceFacts('88.198.7.200').hosting).toBe(false)
    expect(network.sourceFacts('52.95.110.1').hosting).toBe(true)
  })

  test("reads countries from an operator's own file", () => {
    const network = createNetwork({ countryDatabase: COUNTRY_FILE })
    expect(network.sourceFacts('197.210.64.1')).toMatchObject({ asn: 29465, country: 'NG' })
    expect(network.sourceFacts('2a01:4f8::1').country).toBe('DE')
    expect(network.sourceFacts('10.0.0.1').country).toBeNull()
  })

  test('a file of another kind names no network, and says so by null', () => {
    const network = createNetwork({ asnDatabase: COUNTRY_FILE })
    expect(network.sourceFacts('197.210.64.1')).toMatchObject({ asn: null, asnName: null })
  })

  test.each(['countryDatabase', 'asnDatabase'])(
    '%s: a file that is missing or broken is refused at start',
    (option) => {
      const broken = join(testFolder(), 'broken.mmdb')
      writeFileSync(broken, 'not a database')
      for (const file of ['/nowhere/x.mmdb', broken]) {
        expect(() => createNetwork({ [option]: file })).toThrow(
          new RegExp(`cannot read the address database ${file}: give an \\.mmdb file`),
        )
      }
    },
  )
})

test('the attribution names and links what its licences ask for', () => {
  expect(ATTRIBUTION.text).toMatch(/RouteViews.*DB-IP.*CC BY 4\.0/)
  expect(ATTRIBUTION.links).toContain('https://db-ip.com')
})
