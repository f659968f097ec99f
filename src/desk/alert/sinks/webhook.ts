import { Webhook } from 'standardwebhooks'
import type { Notice } from '../finding.js'
import type { Post, PostAnswer } from '../post.js'
import type { Delivery, OpenSink } from '../sink.js'
import type { Words } from '../wording.js'

/** Body of a webhook: `type`, `timestamp` and `data`, as Standard Webhooks recommends. */
function webhookBody(notice: Notice, { subject, lines, action, url }: Words) {
  const words = { title: subject, lines, action, url }
  if (notice.type === 'report') {
    const { kind, of, at } = notice
    return {
      type: `report.${kind}`,
      timestamp: new Date(at).toISOString(),
      data: { ...words, of },
    }
  }
  const { kind, at, alarm } = notice
  const { id, rule, key, severity, state, phase, service, firedAt, resolvedAt } = alarm
  return {
    type: `alert.${kind}`,
    timestamp: new Date(at).toISOString(),
    data: { id, rule, key, severity, state, phase, service, firedAt, resolvedAt, ...words },
  }
}

/**
 * Signed by Standard Webhooks 1.0: id and body stay over retries, time and signatures are of the attempt. While a secret
 * replaces another there is a signature by each, and receivers take the one they can check.
 */
export function toWebhook(
  sink: OpenSink & { place: { type: 'webhook' } },
  notice: Notice,
  words: Words,
  { id, at }: Delivery,
  post: Post,
): Promise<PostAnswer> {
  const body = JSON.stringify(webhookBody(notice, words))
  const signed = [sink.secret ?? '', ...(sink.former === undefined ? [] : [sink.former])]
    .map((secret) => new Webhook(secret).sign(id, new Date(at), body))
    .join(' ')
  return post(sink.place.url, {
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Tollgate',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at / 1000)),
      'webhook-signature': signed,
    },
    body,
  })
}
