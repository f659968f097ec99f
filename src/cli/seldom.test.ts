import { expect, test } from 'vitest'
import { seldom } from './seldom.js'

test('a failure that goes on is told once a minute, with how often it was met, and another one at once', () => {
  let now = 1_795_000_000_000
  const told: string[] = []
  const tell = seldom(
    ({ message }, again) => told.push(`${message} ${again}`),
    () => now,
  )
  for (let i = 0; i < 600; i++) {
    tell(new Error('nothing listens there'))
    now += 100
  }
  expect(told).toEqual(['nothing listens there 0'])
  tell(new Error('nothing listens there'))
  tell(new Error('the password is wrong'))
  expect(told.slice(1)).toEqual(['nothing listens there 599', 'the password is wrong 0'])
  // the clock is set back
  now -= 3_600_000
  tell(new Error('nothing listens there'))
  expect(told.at(-1)).toBe('nothing listens there 0')
  // messages that are all different are all told, and not kept for ever
  for (let i = 0; i < 1_000; i++) tell(new Error(`row ${i}`))
  expect(told).toHaveLength(1_004)
})
