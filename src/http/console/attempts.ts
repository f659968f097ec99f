import type { FastifyRequest } from 'fastify'
import { TokenBuckets } from '../bucket.js'
import { Refusal } from '../refusal.js'
import { sourceKey } from '../source.js'

/** Attempts a minute and source: more than a person makes, far fewer than a guesser needs. */
const A_MINUTE = 10
/** Beginnings a minute and source; an office of people behind one address signs in in the morning. */
const BEGINNINGS_A_MINUTE = 60
/** Sources that are counted. */
const SOURCES = 20_000

/** Bounds what a source may try before anybody knows who it is. */
export function createAttempts(clock: () => number) {
  const proofs = new TokenBuckets(A_MINUTE / 60, A_MINUTE, SOURCES)
  const beginnings = new TokenBuckets(BEGINNINGS_A_MINUTE / 60, BEGINNINGS_A_MINUTE, SOURCES)

  const take = (buckets: TokenBuckets, request: FastifyRequest) => {
    const now = clock()
    const bucket = buckets.of(sourceKey(request.ip), now)
    const wait = bucket.take(now)
    if (wait > 0)
      throw new Refusal('rate_limited', 'Too many attempts to sign in from this address.', {
        retryAt: now + wait,
      })
    return bucket
  }

  return {
    /** A step that proves nothing yet. @throws Refusal */
    begin(request: FastifyRequest): void {
      take(beginnings, request)
    },
    /** Something that could be guessed: only failures count. @throws Refusal */
    async prove<T extends { ok: boolean }>(
      request: FastifyRequest,
      work: () => Promise<T>,
    ): Promise<T> {
      // taken before the answer is known: many at once must not all pass
      const bucket = take(proofs, request)
      const outcome = await work()
      if (outcome.ok) bucket.giveBack()
      return outcome
    },
  }
}
