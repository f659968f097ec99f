import { expect, it } from 'vitest'
import { remembering } from './number-hash.js'

it('answers each number with its own hash, and asks once for one that is asked for again and again', () => {
  const asked: string[] = []
  const hash = remembering((number) => {
    asked.push(number)
    return `h:${number}`
  })
  expect(['', '+1', '+1', '+2', '', '+2', '+1'].map(hash)).toEqual([
    ...['', 'h:+1', 'h:+1', 'h:+2', '', 'h:+2', 'h:+1'],
  ])
  expect(asked).toEqual(['+1', '+2', '+2', '+1'])
})
