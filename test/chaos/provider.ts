import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signWebhook, webhookKey } from '../../src/send/webhook-signature.js'
import type { Message } from './record.js'

/** How the provider meets messages. */
export type ProviderMode =
  /** takes them on and says so */
  | 'well'
  /** answers 500 and takes nothing on */
  | 'errors'
  /** takes them on and never answers */
  | 'silent'
  /** takes them on and closes the connection instead of answering */
  | 'hangs up'

export interface ReceiptHabits {
  /** from the message to its receipt, ms */
  afterMs: number
  /** how often each is told */
  times: number
}

export interface Provider {
  readonly port: number
  /** messages it took on, in order */
  readonly messages: readonly Message[]
  mode: ProviderMode
  receipts: ReceiptHabits
  /** codes that came to a number, in order */
  codesOf(to: string): readonly string[]
  close(): Promise<void>
}

/** Receipts come again until somebody takes them, as those of real providers do. */
const RECEIPT_TRIES = 8

/**
 * An SMS provider on this machine. It keeps every message it takes on with the key it came under, and sends again what
 * it is asked again: that nothing goes out twice is the gateway's to see to.
 * @param post where receipts go, asked each time
 */
export async function startProvider(secret: string, post: () => string): Promise<Provider> {
  const messages: Message[] = []
  const codes = new Map<string, string[]>()
  const key = webhookKey(secret)
  const timers = new Set<NodeJS.Timeout>()
  const later = (ms: number, work: () => Promise<void>) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work().catch((error: unknown) => {
        process.emitWarning(error instanceof Error ? error : String(error))
      })
    }, ms)
    timers.add(timer)
  }

  async function receipt(id: string, tried: number): Promise<void> {
    const body = JSON.stringify({ id, status: 'delivered' })
    const seconds = Math.floor(Date.now() / 1_000)
    const name = randomUUID()
    const taken = await fetch(`${post()}/v1/hooks/own/receipts`, {
      method: 'POST',
      signal: AbortSignal.timeout(10_000),
      headers: {
        'content-type': 'application/json',
        'webhook-id': name,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signWebhook(key, name, seconds, body),
      },
      body,
    }).then(
      (answer) => answer.ok,
      () => false,
    )
    if (!taken && tried < RECEIPT_TRIES) later(500 * 2 ** tried, () => receipt(id, tried + 1))
  }

  function take(text: string): void {
    const message = JSON.parse(text) as { to: string; body: string; idempotencyKey: string }
    messages.push({
      at: performance.now(),
      key: message.idempotencyKey,
      to: message.to,
      body: message.body,
    })
    const known = codes.get(message.to) ?? []
    known.push(/\d{6}/.exec(message.body)?.[0] ?? '')
    codes.set(message.to, known)
    for (let n = 0; n < provider.receipts.times; n++)
      later(provider.receipts.afterMs, () => receipt(message.idempotencyKey, 0))
  }

  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let text = ''
    try {
      for await (const chunk of request) text += chunk
    } catch {
      // whoever sent it is gone within the message: it never was one
      return
    }
    const { mode } = provider
    if (mode === 'errors') {
      response.writeHead(500).end('{"error":"internal"}')
      return
    }
    take(text)
    if (mode === 'silent') return
    if (mode === 'hangs up') {
      request.socket.destroy()
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ id: (JSON.parse(text) as { idempotencyKey: string }).idempotencyKey }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const provider: Provider = {
    port: (server.address() as AddressInfo).port,
    messages,
    mode: 'well',
    receipts: { afterMs: 300, times: 1 },
    codesOf: (to) => codes.get(to) ?? [],
    async close() {
      for (const timer of timers) clearTimeout(timer)
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return provider
}
