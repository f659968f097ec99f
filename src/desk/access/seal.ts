import { createSeal } from '../alert/seal.js'
import type { RandomBytes } from './token.js'

/** What a cookie can hold; anything longer is not ours. */
const LONGEST = 4_096

/** What a browser carries for us between two steps: encrypted, so that nobody can read, alter or make one. */
export interface Sealer {
  /** @param purpose what it is for: it opens for nothing else. @param expiresAt Unix ms */
  seal(purpose: string, value: object, expiresAt: number): string
  /** @returns `null` when it is not ours, for something else, or too old */
  open(purpose: string, text: string | undefined, now: number): unknown
}

/** @param deskKey 32 bytes */
export function createSealer(parts: { deskKey: Buffer; random: RandomBytes }): Sealer {
  const box = createSeal(parts.deskKey, parts.random)
  return {
    seal: (purpose, value, expiresAt) =>
      box.seal(JSON.stringify({ value, expiresAt }), `sign-in ${purpose}`),
    open(purpose, text, now) {
      if (text === undefined || text.length > LONGEST) return null
      let opened: string
      try {
        opened = box.open(text, `sign-in ${purpose}`)
      } catch (error) {
        // altered, cut short, or sealed for something else or under another key
        if (error instanceof Error) return null
        throw error
      }
      const { value, expiresAt } = JSON.parse(opened) as { value: unknown; expiresAt: number }
      return expiresAt > now ? value : null
    },
  }
}
