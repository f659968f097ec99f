import { collection } from '../../ledger/collection.js'
import type { ConsoleStore } from '../../ledger/console-port.js'
import { digest, type RandomBytes } from './token.js'

/** Codes of a user at a time. */
const RECOVERY_CODES = 10
/** Crockford's Base32: no letter that is taken for a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** 80 bits: at one guess a second against ten codes a hit takes 10^15 years. */
const CHARACTERS = 16

/** `7f3k-9mzq-…` */
function newCode(random: RandomBytes): string {
  const characters = [...random(CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length])
  return characters.join('').replace(/.{4}(?=.)/g, '$&-')
}

/** A code as people write it down and type it. */
const normal = (code: string): string =>
  code
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1')

/** Codes that sign in once each when no passkey is at hand. Only their digests are kept. */
export function createRecovery({ store, random }: { store: ConsoleStore; random: RandomBytes }) {
  const kept = collection<{ userId: string }>(store, 'recovery-code')
  const of = (userId: string) => kept.list({ parent: userId, limit: 2 * RECOVERY_CODES })

  const forget = async (userId: string): Promise<void> => {
    for (const { id } of await of(userId)) await kept.remove(id)
  }

  return {
    /** New codes in place of all there were. @returns them, for the only time */
    async make(userId: string, now: number): Promise<string[]> {
      await forget(userId)
      const codes = Array.from({ length: RECOVERY_CODES }, () => newCode(random))
      for (const code of codes)
        await kept.put({ id: digest(normal(code)), parent: userId, at: now, value: { userId } })
      return codes
    },

    /** Uses a code up. @returns whose it was; `null` when it is none or was used */
    async use(code: string): Promise<string | null> {
      const id = digest(normal(code))
      const row = await kept.get(id)
      // of two who use it at the same time one finds it removed
      return row !== null && (await kept.remove(id)) ? row.value.userId : null
    },

    left: async (userId: string): Promise<number> => (await of(userId)).length,
    forget,
  }
}

export type Recovery = ReturnType<typeof createRecovery>
