import { expect, it } from 'vitest'
import { oneATurn } from './one-a-turn.js'

it('runs one after the other, with what else waits in between, whoever fails', async () => {
  const inTurn = oneATurn()
  const happened: string[] = []
  const read = (name: string) => async () => {
    happened.push(name)
    setImmediate(() => happened.push(`served after ${name}`))
    if (name === 'b') throw new Error('unreadable')
    return name
  }
  const all = await Promise.allSettled(['a', 'b', 'c'].map((name) => inTurn(read(name))))
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  await new Promise(setImmediate)
  expect(happened).toEqual(['a', 'served after a', 'b', 'served after b', 'c', 'served after c'])
})
