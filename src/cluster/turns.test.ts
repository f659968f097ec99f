import { expect, it } from 'vitest'
import { processLeases } from '../ledger/leases.js'
import { createTurns } from './turns.js'

it('work of one name is done by one at a time, in a process and across processes', async () => {
  const leases = processLeases(Date.now)
  const [here, there] = ['a', 'b'].map((holder) => createTurns({ leases, holder }))
  let inside = 0
  let most = 0
  const order: number[] = []
  const work = (n: number) => async () => {
    most = Math.max(most, ++inside)
    await new Promise((resolve) => setImmediate(resolve))
    order.push(n)
    inside--
    return n
  }
  const done = await Promise.all(
    Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? here : there)?.take('users', work(n))),
  )
  expect(most).toBe(1)
  expect(done).toEqual(Array.from({ length: 12 }, (_, n) => n))
  expect(order.filter((n) => n % 2 === 0)).toEqual([0, 2, 4, 6, 8, 10])
})

it('work that fails gives its turn up', async () => {
  const leases = processLeases(Date.now)
  const turns = createTurns({ leases, holder: 'a' })
  await expect(
    turns.take('x', async () => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await createTurns({ leases, holder: 'b' }).take('x', async () => 1)).toBe(1)
})

it('a turn that nobody gives up is told, after a while', async () => {
  let now = 0
  const leases = processLeases(() => 0)
  await leases.lease('turn:x', 'dead', 1_000)
  const monotonic = (): number => {
    now += 15_000
    return now
  }
  const turns = createTurns({ leases, holder: 'a', monotonic })
  await expect(turns.take('x', async () => 1)).rejects.toThrow('another gateway has not finished')
})
