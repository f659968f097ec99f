import { createHmac, randomBytes } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { createChallenge, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { Challenger, ChallengeSubject } from './port.js'

/**
 * PBKDF2 because a browser runs it in native code: with plain SHA-256 the price of a call into WebCrypto
 * outweighs the hash, so that a person waits a hundred times longer than an attacker's graphics card.
 * 2,000 rounds take 0.33 ms on one 2026 server core, in Node and in Chromium alike, calls included;
 * so dear is one attempt, and so dear is issuing a challenge.
 */
const ALGORITHM = 'PBKDF2/SHA-256'
const ROUNDS = 2_000

/** Attempts that take one second on one core: 1 s / 0.33 ms. */
const ATTEMPTS_PER_COST = 3_000

/**
 * Bounds of `cost`. Its unit is one expected second on one core (a browser shares it between its workers,
 * one a core); the worst case is twice that. At 32 the worst case of 64 s stays within the 90 s after
 * which the widget gives up; under 0.01 there is nothing left to work for.
 */
export const POW_COST = { min: 0.01, max: 32 } as const

/** A solution of ours has about 900 characters. */
const MAX_SOLUTION_CHARS = 4_096

const Hex = (bytes: number) => Type.String({ pattern: `^[0-9a-f]{${2 * bytes}}$` })
const Solved = Type.Object({
  challenge: Type.Object({
    parameters: Type.Object({
      algorithm: Type.Literal(ALGORITHM),
      nonce: Hex(16),
      salt: Hex(16),
      cost: Type.Literal(ROUNDS),
      keyLength: Type.Literal(32),
      keyPrefix: Hex(16),
      keySignature: Hex(32),
      data: Type.Object({ id: Type.String(), subject: Type.String(), expiresAt: Type.Integer() }),
    }),
    signature: Hex(32),
  }),
  solution: Type.Object({ counter: Type.Integer({ minimum: 0 }), derivedKey: Hex(32) }),
})

export interface PowOptions {
  /** server key, at least 16 bytes; the keys for challenge, solution and subject are derived from it */
  secret: Buffer
  /** @default crypto.randomBytes */
  random?: (bytes: number) => Buffer
}

/**
 * Proof of work in Altcha's v2 format, as its widget takes it. The counter that solves a challenge is drawn
 * evenly from 0 to twice the expected attempts, so the wait is bounded (trial of random prefixes has no
 * bound: one person in twenty would wait three times the mean) and nobody gains by starting elsewhere. The
 * key found by the work is signed into the challenge: checking a solution costs two HMACs and no work.
 *
 * Expiry travels in our own signed data and is judged by the server's clock alone: the widget discards a
 * challenge by the clock of the phone, and phones whose clock is wrong must not be locked out.
 *
 * @example
 * const pow = createPow({ secret: randomBytes(32) })
 * const { payload } = await pow.issue(subject, { cost: 1, ttlMs: 300_000, now: Date.now() })
 * const solution = await solvePow(payload) // or: <altcha-widget challenge='...payload as JSON...'>
 * await pow.verify(subject, solution, Date.now()) // { ok: true, id, expiresAt }; the caller stores id
 */
export function createPow({ secret, random = randomBytes }: PowOptions): Challenger {
  if (secret.length < 16) {
    throw new Error(
      `proof of work: the server key has ${secret.length} bytes, at least 16 are needed. Make one with: openssl rand -hex 32`,
    )
  }
  const key = (use: string) => createHmac('sha256', secret).update(`pow ${use}`).digest('hex')
  const hmacSignatureSecret = key('challenge')
  const hmacKeySignatureSecret = key('solution')
  const subjectKey = key('subject')

  /** The payload is shown to the browser: it must not carry the number of a user whose code somebody asks for. */
  const bind = ({ service, number, verificationId }: ChallengeSubject) =>
    createHmac('sha256', subjectKey)
      .update(JSON.stringify([service, number, verificationId]))
      .digest('base64url')

  return {
    async issue(subject, { cost, ttlMs, now }) {
      const id = random(16).toString('base64url')
      const expiresAt = Math.floor(now + ttlMs)
      const { parameters, signature } = await createChallenge({
        algorithm: ALGORITHM,
        cost: ROUNDS,
        counter: random(6).readUIntBE(0, 6) % (2 * powAttempts(cost)),
        data: { id, subject: bind(subject), expiresAt },
        deriveKey,
        hmacSignatureSecret,
        hmacKeySignatureSecret,
      })
      return { type: 'pow', id, payload: { parameters, signature }, expiresAt }
    },

    async verify(subject, solution, now) {
      // 1. Well formed, in our own parameters: nothing the client sends chooses what the server computes.
      const solved = parseSolution(solution)
      if (!solved) return { ok: false, problem: 'malformed' }

      // 2. Issued by us, unchanged. The answer on the work waits until the challenge itself is known good.
      const checked = await verifySolution({
        ...solved,
        deriveKey,
        hmacSignatureSecret,
        hmacKeySignatureSecret,
      })
      if (checked.invalidSignature !== false) return { ok: false, problem: 'wrong' }

      // 3. Still valid, 4. for this number, service and verification, 5. and solved.
      const { id, subject: boundTo, expiresAt } = solved.challenge.parameters.data
      if (now >= expiresAt) return { ok: false, problem: 'expired' }
      if (boundTo !== bind(subject)) return { ok: false, problem: 'foreign' }
      if (!checked.verified) return { ok: false, problem: 'wrong' }
      return { ok: true, id, expiresAt }
    },
  }
}

/** Expected attempts of a challenge of this cost, clamped to {@link POW_COST}. */
export function powAttempts(cost: number): number {
  if (Number.isNaN(cost)) throw new Error('proof of work: cost is not a number')
  return Math.round(Math.min(POW_COST.max, Math.max(POW_COST.min, cost)) * ATTEMPTS_PER_COST)
}

function parseSolution(solution: string): Static<typeof Solved> | null {
  if (solution.length > MAX_SOLUTION_CHARS) return null
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(solution, 'base64').toString('utf8'))
  } catch {
    return null
  }
  return Value.Check(Solved, parsed) ? parsed : null
}
