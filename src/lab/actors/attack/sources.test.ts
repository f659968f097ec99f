import { describe, expect, it } from 'vitest'
import { createRandom } from '../../random.js'
import type { World } from '../../world/world.js'
import { createSources, type Sources } from './sources.js'
import { AUTOMATION } from './user-agents.js'

const world: World = {
  number: () => '',
  blocks: () => [],
  numberIn: () => '',
  address: (country, access, random) => `${country}/${access}/${random.below(2 ** 32)}`,
  price: () => 1,
}
const open = (data: Sources) => createSources(data, world, createRandom(9))
const draw = (s: ReturnType<typeof open>, n = 1_000, country = 'NG') =>
  Array.from({ length: n }, () => s.identity(country))
const distinct = (values: readonly unknown[]): number => new Set(values).size
const residential = { access: 'residential', count: null, from: 'number' } as const

describe('sources', () => {
  it('uses one address, some, or a new one each time', () => {
    const used = (count: number | null) =>
      distinct(
        draw(open({ addresses: { access: 'hosting', count, from: ['NL'] } })).map((i) => i.ip),
      )
    expect(used(1)).toBe(1)
    expect(used(40)).toBe(40)
    expect(used(null)).toBe(1_000)
  })

  it('comes from where the number is, or from elsewhere', () => {
    const [at] = draw(open({ addresses: residential }), 1, 'UZ')
    expect(at?.ip).toMatch(/^UZ\/residential/)
    const [away] = draw(open({ addresses: { ...residential, from: ['NL'] } }), 1, 'UZ')
    expect(away?.ip).toMatch(/^NL\//)
  })

  it('replaces an address that is burnt', () => {
    const s = open({ addresses: { access: 'hosting', count: 1, from: ['NL'] } })
    const [first] = draw(s, 1)
    s.abandon(first?.ip ?? '')
    const [second] = draw(s, 1)
    expect(second?.ip).not.toBe(first?.ip)
    expect(draw(s, 1)[0]?.ip).toBe(second?.ip)
  })

  it('has no devices, new ones, or a farm whose devices keep their browser', () => {
    const of = (devices: Sources['devices'] & {}) =>
      draw(open({ addresses: residential, devices, automation: 0.5 }))
    expect(of('none').every((i) => i.deviceId === null)).toBe(true)
    expect(distinct(of('fresh').map((i) => i.deviceId))).toBe(1_000)
    const farm = of({ count: 20 })
    expect(distinct(farm.map((i) => i.deviceId))).toBe(20)
    expect(distinct(farm.map((i) => `${i.deviceId} ${i.userAgent}`))).toBe(20)
  })

  it('shows the stated share of automation, and a visit as stated', () => {
    const of = (visit: Sources['visit'] & {}) =>
      draw(open({ addresses: residential, visit, automation: 0.25 }))
    const scripts = of('direct').filter((i) =>
      (AUTOMATION as readonly string[]).includes(i.userAgent),
    )
    expect(scripts.length / 1_000).toBeCloseTo(0.25, 1)
    expect(of('unknown').every((i) => i.sessionAgeMs === null && i.precedingEvents === null)).toBe(
      true,
    )
    expect(
      of('direct').every((i) => (i.sessionAgeMs ?? 999) < 400 && i.precedingEvents === 0),
    ).toBe(true)
    const ages = of('faked')
      .map((i) => i.sessionAgeMs ?? 0)
      .toSorted((a, b) => a - b)
    expect(ages[500]).toBeGreaterThan(20_000)
    expect(ages[500]).toBeLessThan(30_000)
    expect(of('faked').every((i) => (i.precedingEvents ?? 0) >= 2)).toBe(true)
  })
})
