import { refused, unavailable } from '../send/failure.js'
import type { OutgoingMessage, Provider, SendResult } from '../send/port.js'
import { twilioError } from '../send/twilio-errors.js'

/**
 * Sends with code of your own. Resolving means that the message was taken; what it resolves to may carry the
 * provider's id as `id`, `sid` or `messageId` (so a Twilio SDK's message can be returned as it is). Rejecting with an
 * error that has a `status` of 400 to 499 means that it was refused and not sent; any other rejection, that it may have
 * been sent.
 */
export type SendFunction = (message: OutgoingMessage, signal: AbortSignal) => Promise<unknown>

/** A provider out of a function. @param name stands in records of the messages */
export function functionProvider(send: SendFunction, name = 'function'): Provider {
  return {
    name,
    async send(message, signal) {
      try {
        const answer = await send(message, signal)
        return { ok: true, providerId: idOf(answer) ?? message.idempotencyKey, priceMicroUsd: null }
      } catch (error) {
        return readRejection(error)
      }
    },
    receipts: () => null,
  }
}

function idOf(answer: unknown): string | null {
  if (typeof answer === 'string' && answer !== '') return answer
  if (typeof answer !== 'object' || answer === null) return null
  const { id, sid, messageId } = answer as Record<string, unknown>
  const found = [id, sid, messageId].find((value) => typeof value === 'string' && value !== '')
  return typeof found === 'string' ? found : null
}

/** Never its words: they may hold the number or the code. */
function readRejection(error: unknown): SendResult {
  const { status, code, name } = (error ?? {}) as Record<string, unknown>
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const known = typeof code === 'number' ? code : null
    return refused(
      twilioError(known, status),
      `your send function: HTTP ${status}, code ${known ?? '-'}`,
    )
  }
  return unavailable(
    `your send function failed: ${typeof name === 'string' ? name : 'error'}`,
    true,
  )
}
