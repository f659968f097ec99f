import { type BreakerOptions, guard } from './guard.js'
import type { OutgoingMessage, Provider, Sender, SendResult, SendTrail } from './port.js'

export interface SenderOptions {
  /** in order of preference; names are unique */
  providers: readonly Provider[]
  /** time limit of one provider that names none itself, ms. @default 5,000 */
  timeoutMs?: number
  /** after this time no further provider is asked, and the one asked last is cut short, ms. @default 10,000 */
  totalMs?: number
  /** messages under way at each provider that names none itself. @default 256 */
  maxConcurrent?: number
  /** messages that wait for one of those to end. @default 0: a code that waits is stale, and the next provider may be idle */
  queue?: number
  /**
   * A provider did not answer, and may have sent the message. `stop`: nobody else is asked, so that no person gets two
   * codes and no bill has two messages. `next`: a second code is taken to be cheaper than a person without one.
   * @default 'stop'
   */
  unknown?: 'stop' | 'next'
  breaker?: Partial<BreakerOptions>
  /** monotonic, ms. @default performance.now */
  clock?: () => number
  /** where a provider should send its receipts; asked per provider, for a failover changes it */
  receiptUrl?: (provider: string) => string | undefined
}

const BREAKER: BreakerOptions = {
  threshold: 0.5,
  size: 20,
  minimum: 5,
  openMs: 5_000,
  maxOpenMs: 60_000,
}

/**
 * Sends through the first provider that can. The next one is asked on 5xx, time limit and connection errors
 * only: a refusal (4xx) is about the request, and passing a refused request on would amplify fraud. Where the
 * message may have gone out already (`mayHaveBeenSent`) nobody else is asked, unless `unknown` says so; then the
 * result tells who may have sent it too.
 *
 * @example
 * const sender = createSender({ providers: [twilioProvider({...}), httpProvider({...})] })
 * const result = await sender.send({ idempotencyKey, to, body, channel: 'sms' })
 */
export function createSender({
  providers,
  timeoutMs = 5_000,
  totalMs = 10_000,
  maxConcurrent = 256,
  queue = 0,
  unknown = 'stop',
  breaker = {},
  clock = () => performance.now(),
  receiptUrl = () => undefined,
}: SenderOptions): Sender {
  const last = providers.at(-1)
  if (!last) throw new Error('send: there is no provider. Name at least one under "send"')
  const byName = new Map(providers.map((provider) => [provider.name, provider]))
  if (byName.size < providers.length) {
    throw new Error('send: two providers have one name. Names tell whose receipts come back')
  }
  const guarded = providers.map((provider) =>
    guard(provider, {
      clock,
      maxConcurrent: provider.limits?.maxConcurrent ?? maxConcurrent,
      queue: provider.limits?.queue ?? queue,
      breaker: { ...BREAKER, ...breaker, ...provider.limits?.breaker },
    }),
  )

  function addressed(message: OutgoingMessage, provider: string): OutgoingMessage {
    const url = message.receiptUrl ?? receiptUrl(provider)
    return url === undefined ? message : { ...message, receiptUrl: url }
  }

  return {
    async send(message) {
      const endsAt = clock() + totalMs
      const maybeSentBy: string[] = []
      let attempts = 0
      let answer: { result: SendResult; provider: string } | null = null

      for (const { provider, attempt } of guarded) {
        const leftMs = endsAt - clock()
        if (leftMs <= 0) break
        const limitMs = Math.min(provider.timeoutMs ?? timeoutMs, leftMs)
        const { asked, result } = await attempt(addressed(message, provider.name), limitMs)
        if (asked) attempts++
        // A provider that was not asked has nothing to say over one that was.
        if (asked || attempts === 0) answer = { result, provider: provider.name }
        if (result.ok || !result.retryElsewhere) break
        if (!result.mayHaveBeenSent) continue
        if (unknown === 'stop') break
        maybeSentBy.push(provider.name)
      }
      return conclude(answer ?? { result: outOfTime, provider: last.name }, attempts, maybeSentBy)
    },

    receipts(name, request) {
      const provider = byName.get(name)
      if (!provider) return 'unknown_provider'
      return provider.receipts(request) ?? 'bad_signature'
    },

    health: () =>
      guarded.map(({ provider, state }) => ({ provider: provider.name, state: state() })),
  }
}

const outOfTime: SendResult = {
  ok: false,
  error: 'unavailable',
  detail: 'no time was left to ask a provider',
  retryElsewhere: true,
  mayHaveBeenSent: false,
}

function conclude(
  { result, provider }: { result: SendResult; provider: string },
  attempts: number,
  maybeSentBy: readonly string[],
): SendResult & SendTrail {
  const others = maybeSentBy.filter((name) => name !== provider)
  const trail = { provider, attempts, ...(others.length > 0 ? { maybeSentBy: others } : {}) }
  if (result.ok) return { ...result, ...trail }
  return { ...result, mayHaveBeenSent: result.mayHaveBeenSent || maybeSentBy.length > 0, ...trail }
}
