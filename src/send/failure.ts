import type { OutgoingMessage, SendError, SendResult } from './port.js'

const MAX_DETAIL_CHARS = 200

/** Four digits and more, however grouped: codes, numbers, and what a provider repeats of either. */
const DIGITS = /\p{Nd}(?:[\s().-]?\p{Nd}){3,}/gu

/**
 * A provider's own words, fit for logs and the console: one line, without the body, the number or any run of
 * digits that could be the code. Providers like to repeat both in their error messages.
 */
export function scrub(text: string, message: OutgoingMessage): string {
  return [message.body, message.to]
    .filter((secret) => secret !== '')
    .reduce((words, secret) => words.replaceAll(secret, '[message]'), text)
    .replace(DIGITS, '[digits]')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, MAX_DETAIL_CHARS)
}

/** A refusal: the provider understood and said no. The next provider is not asked, for a fraudulent request must not be amplified. */
export function refused(error: SendError, detail: string): SendResult {
  return {
    ok: false,
    error,
    detail: bounded(detail),
    retryElsewhere: false,
    mayHaveBeenSent: false,
  }
}

/** A service error: the provider could not do its work, another may. */
export function unavailable(
  detail: string,
  mayHaveBeenSent: boolean,
  error: SendError = 'unavailable',
): SendResult {
  return { ok: false, error, detail: bounded(detail), retryElsewhere: true, mayHaveBeenSent }
}

/** Accepted as far as one can tell, but not in words we understand: asking another would send twice. */
export function unclear(detail: string): SendResult {
  return {
    ok: false,
    error: 'unknown',
    detail: bounded(detail),
    retryElsewhere: false,
    mayHaveBeenSent: true,
  }
}

/** What an HTTP status alone says about a failure. */
export function errorOfStatus(status: number): SendError {
  if (status >= 500) return 'unavailable'
  if (status === 429) return 'throttled'
  if (status === 401 || status === 402 || status === 403) return 'account'
  return 'rejected'
}

/** 502 and 504 come from a gateway that may have handed the message on; 500 and 503 say it was not taken. */
export function statusMayHaveSent(status: number): boolean {
  return status === 502 || status === 504
}

function bounded(detail: string): string {
  return detail.slice(0, MAX_DETAIL_CHARS)
}
