import { closeSync, openSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Address, formatAddress, readAddress } from './address.js'
import { type AsnLookup, type CountryLookup, loadAsnTable, loadCountryTable } from './databases.js'
import { openCountryDatabase } from './mmdb.js'

const { resolve } = createRequire(import.meta.url)

let systems: AsnLookup
let countries: CountryLookup
beforeAll(() => {
  systems = loadAsnTable()
  countries = loadCountryTable()
})

function addressOf(text: string): Address {
  const address = readAddress(text)
  if (address === null) throw new Error(`${text} is no address`)
  return address
}
const asnOf = (text: string) => systems(addressOf(text), text)?.asn ?? null

/** Numbers from 0 to 2^32 - 1, the same in each run. */
function randomWords(): () => number {
  let state = 20261121
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state
  }
}

/** `count` lines of a file, from places spread evenly over it. */
function sampleLines(file: string, size: number, count: number): string[] {
  const handle = openSync(file, 'r')
  const buffer = Buffer.alloc(1_000)
  const lines: string[] = []
  for (let i = 0; i < count; i++) {
    const length = readSync(handle, buffer, 0, buffer.length, Math.floor((i * size) / count))
    const line = buffer.toString('utf8', 0, length).split('\n')[1]
    if (line) lines.push(line)
  }
  closeSync(handle)
  return lines
}

describe('autonomous systems', () => {
  test.each([
    ['8.8.8.8', 15169],
    ['52.95.110.1', 16509],
    ['88.198.0.1', 24940],
    ['197.210.64.1', 29465],
    ['105.112.0.1', 36873],
    ['2a01:4f8::1', 24940],
    ['2001:4860:4860::8888', 15169],
    ['10.0.0.1', null],
    ['127.0.0.1', null],
    ['0.0.0.0', null],
    ['255.255.255.255', null],
    ['::1', null],
    ['fc00::1', null],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', null],
  ])('%s is announced by %s', (text, asn) => expect(asnOf(text)).toBe(asn))

  test('names come with numbers, in their own script', () => {
    expect(systems(addressOf('8.8.8.8'), '')).toEqual({ asn: 15169, name: 'Google LLC' })
    expect(systems(addressOf('52.95.110.1'), '')?.name).toBe('Amazon.com, Inc.')
  })

  test.each([
    ['@ip-location-db/asn/asn-ipv4.csv', 23_000_000],
    ['@ip-location-db/asn/asn-ipv6.csv', 8_000_000],
  ])('first and last address of sampled ranges of %s', (file, size) => {
    const lines = sampleLines(resolve(file), size, 2_000)
    expect(lines.length).toBeGreaterThan(1_500)
    let checked = 0
    for (const line of lines) {
      const [start = '', end = '', asn = ''] = line.split(',')
      const first = addressOf(start)
      // A range that begins inside a /64 gives way to the one before it.
      if (first.version === 6 && first.groups.slice(4).some((group) => group !== 0)) continue
      expect([start, asnOf(start)]).toEqual([start, Number(asn)])
      expect([end, asnOf(end)]).toEqual([end, Number(asn)])
      checked++
    }
    expect(checked).toBeGreaterThan(1_400)
  })
})

describe('countries', () => {
  test('are those of the database file, for any address', () => {
    const oracle = openCountryDatabase(
      resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'),
    )
    const random = randomWords()
    const hex = () => (random() >>> 16).toString(16)
    let named = 0
    for (let i = 0; i < 10_000; i++) {
      const text =
        i % 2 === 0
          ? formatAddress({ version: 4, value: random() })
          : `2${(random() >>> 20).toString(16).padStart(3, '0')}:${hex()}:${hex()}:${hex()}::`
      const address = addressOf(text)
      const expected = oracle(address, formatAddress(address))
      expect([text, countries(address, text)]).toEqual([text, expected])
      if (expected !== null) named++
    }
    expect(named).toBeGreaterThan(4_000)
  })

  test.each([
    ['197.210.64.1', 'NG'],
    ['154.160.0.1', 'GH'],
    ['88.198.0.1', 'DE'],
    ['10.0.0.1', null],
    ['::1', null],
  ])('%s is in %s', (text, country) => expect(countries(addressOf(text), text)).toBe(country))
})
