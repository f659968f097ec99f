import { describe, expect, test } from 'vitest'
import { createNetwork } from '../../network/source.js'
import { createPhone } from '../../phone/parse.js'
import { createRandom } from '../random.js'
import { CARRIERS } from './carriers.js'
import { createWorld } from './create-world.js'
import { readNetworks } from './networks.js'

const COUNTRIES = [...Object.keys(CARRIERS), 'UZ', 'KZ', 'CA', 'AZ', 'MG', 'JO', 'VN', 'EG']
const world = createWorld()
const phone = createPhone()
const network = createNetwork()

describe('numbers', () => {
  test.each(COUNTRIES)('of %s are valid, mobile and of a range somebody holds', (country) => {
    const random = createRandom(7)
    const wrong: unknown[] = []
    for (let i = 0; i < 2_000; i++) {
      const number = world.number(country, random)
      const facts = phone.parse(number)
      const { e164, problem, allocated, type } = facts
      const right = e164 === number && problem === null && allocated && /MOBILE/.test(type)
      if (!right || facts.country !== country) wrong.push(facts)
    }
    expect(wrong).toEqual([])
  })

  test('are of uneven operators and of many blocks', () => {
    const random = createRandom(1)
    const operators = new Map<string, number>()
    const blocks = new Set<string>()
    for (let i = 0; i < 10_000; i++) {
      const { operatorRange, block } = phone.parse(world.number('NG', random))
      operators.set(operatorRange, (operators.get(operatorRange) ?? 0) + 1)
      blocks.add(block)
    }
    const shares = [...operators.values()].sort((a, b) => b - a)
    expect(shares[0]).toBeGreaterThan(2_000)
    expect(shares[3]).toBeLessThan(1_200)
    expect(blocks.size).toBeGreaterThan(6_000)
  })

  test('of a block: any, or counted up', () => {
    const random = createRandom(3)
    const [block = ''] = world.blocks('UZ', 1, random)
    expect(world.numberIn(block, random, 12)).toBe(`${block}0012`)
    expect(world.numberIn(block, random, 10_000)).toBe(`${block}0000`)
    expect(phone.parse(world.numberIn(block, random)).block).toBe(block)
  })

  test('blocks of one operator, all different', () => {
    for (let seed = 0; seed < 20; seed++) {
      const blocks = world.blocks('NG', 200, createRandom(seed))
      expect(new Set(blocks).size).toBe(200)
      const random = createRandom(0)
      const ranges = blocks.map((b) => phone.parse(world.numberIn(b, random)).operatorRange)
      expect(new Set(ranges).size).toBe(1)
    }
    expect(() => world.blocks('NG', 1e9, createRandom(0))).toThrow(RangeError)
  })

  test('come again from the same seed', () => {
    const twice = [1, 1].map((seed) => {
      const random = createRandom(seed)
      return Array.from({ length: 50 }, () => createWorld().number('KE', random))
    })
    expect(twice[0]).toEqual(twice[1])
  })
})

describe('addresses', () => {
  const facts = (country: string, access: Parameters<typeof world.address>[1], n: number) => {
    const random = createRandom(11)
    return Array.from({ length: n }, () =>
      network.sourceFacts(world.address(country, access, random)),
    )
  }

  test('the carriers named have addresses in their country', () => {
    const networks = readNetworks()
    const missing: string[] = []
    for (const [country, { mobile, fixed }] of Object.entries(CARRIERS)) {
      const there = new Set(networks.of(country).map(({ asn }) => asn))
      for (const asn of [...mobile, ...fixed])
        if (!there.has(asn)) missing.push(`${country} ${asn}`)
    }
    expect(missing).toEqual([])
  })

  test.each(COUNTRIES)('of people in %s are of its networks, not of servers', (country) => {
    for (const access of ['mobile', 'fixed', 'residential'] as const)
      for (const source of facts(country, access, 300))
        expect(source).toMatchObject({ country, hosting: false, asn: expect.any(Number) })
  })

  test('of phones are shared, of homes are not', () => {
    const distinct = (access: 'mobile' | 'fixed') =>
      new Set(facts('NG', access, 2_000).map(({ ip }) => ip)).size
    expect(distinct('mobile')).toBeLessThanOrEqual(48)
    expect(distinct('fixed')).toBeGreaterThan(1_900)
  })

  test('of servers are of hosting networks', () => {
    for (const source of facts('US', 'hosting', 300)) expect(source.hosting).toBe(true)
  })

  test('of proxies anywhere are of many countries', () => {
    const countries = new Set(facts('*', 'residential', 1_000).map(({ country }) => country))
    expect(countries.size).toBeGreaterThan(60)
  })
})

test('prices are those of the example table, in micro-USD', () => {
  expect(world.price('NG')).toBe(110_000)
  expect(world.price('US')).toBe(8_000)
  expect(world.price('XX')).toBe(100_000)
})
