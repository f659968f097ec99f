import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSealer } from './seal.js'

const deskKey = randomBytes(32)
const sealer = createSealer({ deskKey, random: randomBytes })
const text = sealer.seal('sign-in', { challenge: 'c' }, 1_000)

test('opens for what it was sealed for, until it ends', () => {
  expect(sealer.open('sign-in', text, 999)).toEqual({ challenge: 'c' })
  expect(sealer.open('sign-in', text, 1_000)).toBeNull()
  expect(sealer.open('oidc', text, 1)).toBeNull()
  expect(text).toMatch(/^[\w-]+$/)
})

test('nothing else opens: altered, cut short, of another key, or no seal at all', () => {
  for (let i = 0; i < text.length; i++) {
    const other = text[i] === 'A' ? 'B' : 'A'
    const altered = Buffer.from(text.slice(0, i) + other + text.slice(i + 1), 'base64url')
    // the last character can hold bits that no byte has
    if (altered.equals(Buffer.from(text, 'base64url'))) continue
    expect(sealer.open('sign-in', altered.toString('base64url'), 1), `${i}`).toBeNull()
  }
  for (let i = 0; i < text.length - 1; i++)
    expect(sealer.open('sign-in', text.slice(0, i), 1)).toBeNull()
  const another = createSealer({ deskKey: randomBytes(32), random: randomBytes })
  expect(another.open('sign-in', text, 1)).toBeNull()
  for (const none of [undefined, '', 'x', 'A'.repeat(5_000)])
    expect(sealer.open('sign-in', none, 1)).toBeNull()
})
