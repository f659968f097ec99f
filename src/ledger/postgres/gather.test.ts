import { describe, expect, test } from 'vitest'
import { type GatherOptions, gather, gatherKinds } from './gather.js'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Statements that end when they are told to. */
function statements(options: Partial<GatherOptions<string, string>> = {}) {
  const ran: { asks: readonly string[]; end(): void }[] = []
  const ask = gather<string, string>({
    most: 10,
    isOfOne: () => false,
    run: (asks) =>
      new Promise((resolve) => {
        ran.push({ asks, end: () => resolve(asks.map((one) => `of ${one}`)) })
      }),
    ...options,
  })
  return { ask, ran, asked: () => ran.map(({ asks }) => asks.join('')) }
}

describe('statements for many', () => {
  test('what is asked in one turn, and while one is under way, shares the next', async () => {
    const { ask, ran, asked } = statements()
    const first = [ask('a'), ask('b')]
    await turn()
    const later = [ask('c'), ask('d')]
    await turn()
    expect(asked()).toEqual(['ab'])
    ran[0]?.end()
    expect(await Promise.all(first)).toEqual(['of a', 'of b'])
    await expect.poll(asked).toEqual(['ab', 'cd'])
    ran[1]?.end()
    expect(await Promise.all(later)).toEqual(['of c', 'of d'])
  })

  test('no statement takes more than it may', async () => {
    const { ask, ran, asked } = statements({ most: 2 })
    const all = Promise.all(['a', 'b', 'c'].map(ask))
    await expect.poll(asked).toEqual(['ab'])
    ran[0]?.end()
    await expect.poll(asked).toEqual(['ab', 'c'])
    ran[1]?.end()
    expect(await all).toEqual(['of a', 'of b', 'of c'])
  })

  test('changes of one row come one after the other, in the order they were asked in', async () => {
    const { ask, ran, asked } = statements({ keyOf: (one) => one.slice(0, 1) })
    const all = Promise.all(['a1', 'b1', 'a2', 'a3'].map(ask))
    for (const [i, wanted] of ['a1b1', 'a2', 'a3'].entries()) {
      await expect.poll(() => asked()[i]).toBe(wanted)
      ran[i]?.end()
    }
    expect(await all).toEqual(['of a1', 'of b1', 'of a2', 'of a3'])
  })

  test('one that stands still holds up the rows it is about and no others', async () => {
    const { ask, ran, asked } = statements({ keyOf: (one) => one.slice(0, 1) })
    const stuck = ask('a1')
    await expect.poll(asked).toEqual(['a1'])
    const same = ask('a2')
    const other = ask('b1')
    await expect.poll(asked, { timeout: 5_000 }).toEqual(['a1', 'b1'])
    ran[1]?.end()
    expect(await other).toBe('of b1')
    ran[0]?.end()
    expect(await stuck).toBe('of a1')
    await expect.poll(asked).toEqual(['a1', 'b1', 'a2'])
    ran[2]?.end()
    expect(await same).toBe('of a2')
  })

  test('a fault of the store is told to all of a statement, a row that is refused to its own caller', async () => {
    const refused = new Error('refused')
    const of = (isOfOne: boolean) =>
      gather<string, string>({
        most: 10,
        isOfOne: () => isOfOne,
        async run(asks) {
          if (asks.includes('bad')) throw refused
          return asks.map((one) => `of ${one}`)
        },
      })
    const settle = (ask: (one: string) => Promise<string>) =>
      Promise.allSettled(['good', 'bad', 'fine'].map(ask))
    expect((await settle(of(false))).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'rejected',
    ])
    expect(await settle(of(true))).toEqual([
      { status: 'fulfilled', value: 'of good' },
      { status: 'rejected', reason: refused },
      { status: 'fulfilled', value: 'of fine' },
    ])
  })

  test('what is not alike never shares a statement', async () => {
    const ran: string[][] = []
    const ask = gatherKinds<string, string>((one) => one.slice(0, 1), {
      most: 10,
      isOfOne: () => false,
      async run(asks) {
        ran.push([...asks])
        return asks
      },
    })
    await Promise.all(['a1', 'b1', 'a2'].map(ask))
    expect(ran).toEqual([['a1', 'a2'], ['b1']])
  })
})
