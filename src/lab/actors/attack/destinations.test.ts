import { describe, expect, it } from 'vitest'
import { createRandom } from '../../random.js'
import type { World } from '../../world/world.js'
import { createDestinations, type Destinations } from './destinations.js'

const world: World = {
  number: (country) => `+${country}-anywhere`,
  blocks: (country, n) => Array.from({ length: n }, (_, i) => `${country}${i}-`),
  numberIn: (block, random, nth) => block + (nth ?? `r${random.below(10_000)}`),
  address: () => '192.0.2.1',
  price: () => 1,
}
const open = (data: Destinations) => createDestinations(data, world, createRandom(5))
const draw = (d: ReturnType<typeof open>, n: number, stepMs = 1_000) =>
  Array.from({ length: n }, (_, i) => d.next(i * stepMs))
const blocks = (list: ReturnType<typeof draw>) => list.map((d) => d?.range.block)

describe('destinations', () => {
  it('stays for so many messages, in every country in turn', () => {
    const d = open({
      targets: [
        { kind: 'blocks', country: 'UZ', count: 2 },
        { kind: 'blocks', country: 'MM', count: 2 },
      ],
      rotate: { everyMessages: 2 },
    })
    expect(blocks(draw(d, 9))).toEqual([
      ...['UZ0-', 'UZ0-', 'MM0-', 'MM0-', 'UZ1-', 'UZ1-', 'MM1-', 'MM1-', 'UZ0-'],
    ])
  })

  it('stays for so long, with several blocks at a time', () => {
    const d = open({
      targets: [{ kind: 'blocks', country: 'UZ', count: 6 }],
      rotate: { everyMs: 100_000, width: 2 },
    })
    const list = blocks(draw(d, 300))
    expect(new Set(list.slice(0, 100))).toEqual(new Set(['UZ0-', 'UZ1-']))
    expect(new Set(list.slice(100, 200))).toEqual(new Set(['UZ2-', 'UZ3-']))
    expect(new Set(list.slice(200, 300))).toEqual(new Set(['UZ4-', 'UZ5-']))
  })

  it('counts up, in strides, or picks any number', () => {
    const targets = [{ kind: 'block', country: 'UZ', block: 'B' }] as const
    const numbers = (how: Destinations['numbers'] & {}) =>
      draw(open({ targets, numbers: how }), 4).map((d) => d?.to)
    expect(numbers('sequential')).toEqual(['B0', 'B1', 'B2', 'B3'])
    expect(numbers({ stride: 3_333 })).toEqual(['B0', 'B3333', 'B6666', 'B9999'])
    expect(numbers('random')).not.toEqual(numbers('sequential'))
  })

  it('takes every range of an operator, or anybody in the country', () => {
    const operator = open({
      targets: [{ kind: 'operator', country: 'UZ', prefixes: ['+99893', '+99894'], digits: 1 }],
    })
    expect(operator.live()).toHaveLength(20)
    expect(operator.live()[13]).toEqual({ country: 'UZ', block: '+998943' })
    const large = open({
      targets: [{ kind: 'operator', country: 'UZ', prefixes: ['+99893'], digits: 5 }],
    })
    expect(new Set(large.live().map((r) => r.block)).size).toBe(1_000)
    const anybody = open({ targets: [{ kind: 'subscribers', country: 'NG' }] })
    expect(anybody.next(0)?.to).toBe('+NG-anywhere')
  })

  it('goes on to the next block when one is given up, and does not come back to it', () => {
    const d = open({
      targets: [{ kind: 'blocks', country: 'UZ', count: 4 }],
      rotate: { everyMessages: 10 },
    })
    expect(d.next(0)?.range.block).toBe('UZ0-')
    d.giveUp((range) => range.block === 'UZ0-')
    expect(blocks(draw(d, 10))).toEqual(Array(10).fill('UZ1-'))
    expect(d.next(0)?.range.block).toBe('UZ2-')
    d.giveUp((range) => range.block === 'UZ1-')
    expect(d.next(0)?.range.block).toBe('UZ2-')
    d.giveUp(() => true)
    expect(d.next(0)).toBeNull()
    d.startOver()
    expect(d.next(0)?.range.block).toBe('UZ0-')
  })
})
