import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ReceiptRequest } from './port.js'

/** Age, and how far in the future, a signed webhook may be, ms: the five minutes of the Standard Webhooks libraries. */
export const WEBHOOK_TOLERANCE_MS = 5 * 60_000

/** `whsec_` and base64 as Standard Webhooks writes secrets; any other text is taken byte for byte. */
export function webhookKey(secret: string): Buffer {
  return secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret)
}

/** Signature of a webhook by the Standard Webhooks specification 1.0. @param timestamp Unix seconds */
export function signWebhook(key: Buffer, id: string, timestamp: number, body: string): string {
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return `v1,${mac}`
}

/** Checks `webhook-id`, `webhook-timestamp` and `webhook-signature`. @param now Unix ms */
export function verifyWebhook(
  key: Buffer,
  { headers, body }: Pick<ReceiptRequest, 'headers' | 'body'>,
  now: number,
): boolean {
  const id = headers['webhook-id']
  const timestamp = Number(headers['webhook-timestamp'])
  if (!id || !Number.isInteger(timestamp)) return false
  if (Math.abs(now - timestamp * 1000) > WEBHOOK_TOLERANCE_MS) return false
  const expected = Buffer.from(signWebhook(key, id, timestamp, body))
  // While a secret is changed, a webhook carries a signature for the old and for the new one.
  return (headers['webhook-signature'] ?? '').split(' ').some((given) => {
    const signature = Buffer.from(given)
    return signature.length === expected.length && timingSafeEqual(signature, expected)
  })
}
