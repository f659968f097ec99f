/** Normalised error classes of a message: what a refusal or a failed receipt means, whatever the provider calls it. */
export const SEND_ERRORS = [
  /** the number does not exist or is not assigned */
  'unallocated',
  /** landline or otherwise unable to receive */
  'unreachable_type',
  /** switched off or out of coverage: says nothing about fraud */
  'absent',
  /** filtered by operator or provider as spam or fraud */
  'blocked',
  /** the person opted out */
  'opted_out',
  /** the provider refused the request as wrong: number, sender or content */
  'rejected',
  /** our account: credentials, balance, permission */
  'account',
  /** the provider limits our rate */
  'throttled',
  /** 5xx, time limit, connection */
  'unavailable',
  'unknown',
] as const
export type SendError = (typeof SEND_ERRORS)[number]

export interface OutgoingMessage {
  /** stable over retries: a provider that knows it does not send twice */
  idempotencyKey: string
  to: string
  body: string
  channel: 'sms'
  /** where this provider should send its receipts, when it takes one per message */
  receiptUrl?: string
}

export type SendResult =
  | { ok: true; providerId: string; priceMicroUsd: number | null }
  /** `retryElsewhere`: a service error (5xx, time limit, connection); the next provider may be tried */
  | {
      ok: false
      error: SendError
      detail: string
      retryElsewhere: boolean
      mayHaveBeenSent: boolean
    }

export interface Receipt {
  /** the provider's own id of the message; `null` where only `reference` names it */
  providerId: string | null
  /** idempotency key that the message was handed over with, where the provider tells it: finds a message whose answer was lost */
  reference?: string
  status: 'sent' | 'delivered' | 'failed'
  error: SendError | null
  /** provider's own code, for people */
  providerCode: string | null
  at: number
}

/** Raw webhook of a provider, before its signature is checked. */
export interface ReceiptRequest {
  /** full public URL as the provider called it */
  url: string
  headers: Readonly<Record<string, string | undefined>>
  body: string
}

/** How much is asked of a provider at a time, and when it is left alone. */
export interface ProviderLimits {
  /** messages under way at one time */
  maxConcurrent?: number
  /** messages that wait for one of them to end; more are refused at once */
  queue?: number
  breaker?: {
    /** share of service errors over which the circuit opens, 0 to 1 */
    threshold?: number
    /** messages it looks back on */
    size?: number
    /** messages it takes to judge */
    minimum?: number
    /** time until a probe is sent, ms; doubles with each that fails */
    openMs?: number
    /** at most, ms */
    maxOpenMs?: number
  }
}

export interface Provider {
  readonly name: string
  /** time limit of one message, ms; the sender's own where it is not given */
  readonly timeoutMs?: number
  /** what else bounds it; the sender's own where it is not given */
  readonly limits?: ProviderLimits
  /** Never rejects: every fault is a result. Gives up when `signal` aborts. */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendResult>
  /** Checks the signature and reads the receipts; `null` when the signature is wrong or none can be checked. */
  receipts(request: ReceiptRequest): Receipt[] | null
}

export interface SendTrail {
  /** the provider that answered last */
  provider: string
  /** providers that were asked; 0 when every circuit was open */
  attempts: number
  /**
   * Providers before it whose answer never came. They may have sent the message too: the person may get the
   * code twice, and both are on the bill. Absent when there was none.
   */
  maybeSentBy?: readonly string[]
}

/** What `verify` sends with: one or several providers behind failover and circuit breakers. */
export interface Sender {
  /** Never throws: every fault is a result. `provider` names the one that answered last. */
  send(message: OutgoingMessage): Promise<SendResult & SendTrail>
  /** The receipts of a webhook; 'unknown_provider' and 'bad_signature' are for the caller's answer. */
  receipts(
    provider: string,
    request: ReceiptRequest,
  ): Receipt[] | 'unknown_provider' | 'bad_signature'
  /** state of each provider's circuit breaker, for health and metrics */
  health(): { provider: string; state: 'closed' | 'open' | 'half_open' }[]
}
