import { type Answer, createExchange, type Place, providerGuard } from './exchange.js'
import { refused, scrub, statusMayHaveSent, unavailable, unclear } from './failure.js'
import type { OutgoingMessage, Provider, Receipt, SendResult } from './port.js'
import { twilioError } from './twilio-errors.js'
import { verifyTwilioSignature } from './twilio-signature.js'

export interface TwilioOptions extends Place {
  name: string
  /** 'AC' and 32 hex digits */
  accountSid: string
  /** the account's token, or an API key ('SK...') with its secret */
  credentials: { authToken: string } | { apiKey: string; apiSecret: string }
  sender: { from: string } | { messagingServiceSid: string }
  /**
   * Signs Twilio's receipts; always the account's token, also where an API key sends. Without it receipts are
   * refused. @default the auth token of `credentials`
   */
  webhookAuthToken?: string
  /** @default 'https://api.twilio.com' */
  baseUrl?: string
  timeoutMs?: number
  /** time a receipt is given, for Twilio's carry none; Unix ms. @default Date.now */
  now?: () => number
}

/**
 * Twilio's Messages API. It knows no idempotency keys: the same message is never handed to it twice, not
 * after a time limit either.
 */
export function twilioProvider(options: TwilioOptions): Provider {
  const { name, accountSid, credentials, sender, now = Date.now } = options
  const { baseUrl = 'https://api.twilio.com', timeoutMs } = options
  const url = `${baseUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${accountSid}/Messages.json`
  const guard = providerGuard('baseUrl', options)
  const problem = guard.problem(url)
  if (problem !== null) throw new Error(`provider "${name}": baseUrl: ${problem}`)
  const exchange = createExchange(guard)
  const login =
    'authToken' in credentials
      ? `${accountSid}:${credentials.authToken}`
      : `${credentials.apiKey}:${credentials.apiSecret}`
  const webhookToken =
    options.webhookAuthToken ?? ('authToken' in credentials ? credentials.authToken : null)
  const headers = {
    authorization: `Basic ${Buffer.from(login).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  }

  return {
    name,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),

    async send(message, signal) {
      const form = new URLSearchParams({ To: message.to, Body: message.body })
      if ('from' in sender) form.set('From', sender.from)
      else form.set('MessagingServiceSid', sender.messagingServiceSid)
      if (message.receiptUrl) form.set('StatusCallback', receiptUrlOf(message))

      const answer = await exchange(url, { method: 'POST', headers, body: form.toString() }, signal)
      return answer.kind === 'silence'
        ? unavailable(answer.detail, answer.mayHaveBeenSent)
        : readAnswer(answer, message)
    },

    receipts({ url: calledUrl, headers: called, body }) {
      const signature = called['x-twilio-signature']
      if (!webhookToken || !signature) return null
      const form = new URLSearchParams(body)
      if (!verifyTwilioSignature(webhookToken, { signature, url: calledUrl, form })) return null
      const reference = new URLSearchParams(calledUrl.split('?')[1]).get(REFERENCE)
      return readReceipt(form, now()).map((receipt) =>
        reference === null ? receipt : { ...receipt, reference },
      )
    },
  }
}

/** Twilio repeats no words of ours, but calls the URL it was given, and signs it. */
const REFERENCE = 'reference'

function receiptUrlOf({ receiptUrl = '', idempotencyKey }: OutgoingMessage): string {
  return `${receiptUrl}${receiptUrl.includes('?') ? '&' : '?'}${REFERENCE}=${encodeURIComponent(idempotencyKey)}`
}

function readAnswer(answer: Answer, message: OutgoingMessage): SendResult {
  const { status } = answer
  const json = parseObject(answer.text)
  if (status >= 200 && status < 300) {
    const { sid } = json
    if (typeof sid !== 'string' || sid.length > 64)
      return unclear(`HTTP ${status} without a message SID`)
    if (isFailed(json.status)) return refusal(status, json.error_code, json.error_message, message)
    return { ok: true, providerId: sid, priceMicroUsd: priceOf(json) }
  }
  if (status >= 500) return unavailable(`HTTP ${status}`, statusMayHaveSent(status))
  if (status < 400) return refused('rejected', `HTTP ${status}: redirects are not followed`)
  return refusal(status, json.code, json.message, message)
}

function refusal(
  status: number,
  code: unknown,
  text: unknown,
  message: OutgoingMessage,
): SendResult {
  const known = typeof code === 'number' ? code : null
  const words = typeof text === 'string' ? `: ${scrub(text, message)}` : ''
  return refused(twilioError(known, status), `HTTP ${status}, Twilio ${known ?? '-'}${words}`)
}

/** Twilio bills in negative amounts, mostly later than it answers. */
function priceOf({ price, price_unit }: Record<string, unknown>): number | null {
  const amount = typeof price === 'string' ? Math.abs(Number(price)) : Number.NaN
  return price_unit === 'USD' && Number.isFinite(amount) ? Math.round(amount * 1_000_000) : null
}

const FAILED = ['failed', 'undelivered', 'canceled']
const isFailed = (status: unknown) => typeof status === 'string' && FAILED.includes(status)

/** States before 'sent' (queued, sending, accepted, scheduled) say nothing that the answer did not say. */
function readReceipt(form: URLSearchParams, at: number): Receipt[] {
  const providerId = form.get('MessageSid') ?? form.get('SmsSid')
  const state = form.get('MessageStatus') ?? form.get('SmsStatus')
  if (!providerId) return []
  const providerCode = form.get('ErrorCode') || null
  const receipt = { providerId, providerCode, at, error: null }
  if (state === 'sent') return [{ ...receipt, status: 'sent' }]
  if (state === 'delivered' || state === 'read') return [{ ...receipt, status: 'delivered' }]
  if (!isFailed(state)) return []
  const error = twilioError(providerCode === null ? null : Number(providerCode))
  return [{ ...receipt, status: 'failed', error }]
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
