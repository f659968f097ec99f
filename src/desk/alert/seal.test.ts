import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createSeal } from './seal.js'

const key = Buffer.alloc(32, 1)
const { seal, open } = createSeal(key, randomBytes)

it('opens what it sealed, and shows nothing of it', () => {
  const sealed = seal('pässwörd', 'snk_1')
  expect(open(sealed, 'snk_1')).toBe('pässwörd')
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('ssw')
  expect(seal('pässwörd', 'snk_1')).not.toBe(sealed)
})

it('opens nothing for another place, under another key, or that was changed', () => {
  const sealed = seal('secret', 'snk_1')
  expect(() => open(sealed, 'snk_2')).toThrow()
  expect(() => createSeal(Buffer.alloc(32, 2), randomBytes).open(sealed, 'snk_1')).toThrow()
  const bytes = Buffer.from(sealed, 'base64url')
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  expect(() => open(bytes.toString('base64url'), 'snk_1')).toThrow()
})
