import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { IssuedChallenge } from './port.js'

/**
 * Does the work of a challenge in this process, as the widget does it in a browser: for command-line clients,
 * tests and simulated people. Takes the challenge's cost in seconds on one core, at most twice that.
 *
 * @param signal stops the work; the promise then rejects
 * @returns what the widget would post: base64 of JSON `{ challenge, solution }`
 */
export async function solvePow(
  payload: IssuedChallenge['payload'],
  signal?: AbortSignal,
): Promise<string> {
  const challenge = payload as unknown as Challenge
  const controller = new AbortController()
  const abort = () => controller.abort()
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    const solution = await solveChallenge({ challenge, controller, deriveKey })
    if (!solution) {
      throw new Error('proof of work: stopped before the challenge was solved', {
        cause: signal?.reason,
      })
    }
    return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}
