import { expect, test } from 'vitest'
import { createTurn } from './turn.js'

const started = async (name: string, end: () => Promise<void>, log: string[]) => {
  log.push(`${name} decided`)
  await end()
  log.push(`${name} answered`)
}

test('requests of one turn are all decided before the first is answered', async () => {
  const end = createTurn()
  const log: string[] = []
  await Promise.all([started('a', end, log), started('b', end, log)])
  expect(log).toEqual(['a decided', 'b decided', 'a answered', 'b answered'])
})

test('a request after a turn waits for its own, not for the one that is over', async () => {
  const end = createTurn()
  const log: string[] = []
  await started('a', end, log)
  const later = started('b', end, log)
  expect(log.at(-1)).toBe('b decided')
  await later
  expect(log.at(-1)).toBe('b answered')
})
