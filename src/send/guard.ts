import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  CountBreaker,
  circuitBreaker,
  handleWhenResult,
  wrap,
} from 'cockatiel'
import { unavailable, unclear } from './failure.js'
import type { OutgoingMessage, Provider, SendResult } from './port.js'
import { ProbeTimer } from './probe-timer.js'

export interface GuardOptions {
  /** monotonic, ms */
  clock: () => number
  /** messages handed to this provider at one time */
  maxConcurrent: number
  /** messages that wait for one of them to end, for half of their time limit; more are refused at once */
  queue: number
  breaker: BreakerOptions
}

export interface BreakerOptions {
  /** share of service errors among the last `size` messages over which the circuit opens, 0 to 1. @default 0.5 */
  threshold: number
  /** @default 20 */
  size: number
  /** messages it takes to judge. @default 5 */
  minimum: number
  /** time until a probe is sent, ms; doubles with each that fails. @default 5,000 */
  openMs: number
  /** @default 60,000 */
  maxOpenMs: number
}

/** A provider behind its own time limit, circuit breaker and bulkhead. */
export interface GuardedProvider {
  readonly provider: Provider
  /** Never rejects. `asked: false`: the message was not handed to the provider. */
  attempt(
    message: OutgoingMessage,
    limitMs: number,
  ): Promise<{ asked: boolean; result: SendResult }>
  state(): 'closed' | 'open' | 'half_open'
}

/** How long a provider that heeds its signal gets to say what happened, before it is left to itself, ms. */
const GRACE_MS = 250

/** Part of its time limit that a message may wait for its turn: with what is left the provider can still answer. */
const WAIT_SHARE = 0.5

/** Service errors alone say that the provider is ill; a refusal is an answer. */
const isServiceError = (result: unknown) => {
  const { ok, retryElsewhere } = result as { ok: boolean; retryElsewhere?: boolean }
  return !ok && retryElsewhere === true
}

export function guard(provider: Provider, options: GuardOptions): GuardedProvider {
  const { threshold, size, minimum, openMs, maxOpenMs } = options.breaker
  const probe = new ProbeTimer({ clock: options.clock, firstMs: openMs, maxMs: maxOpenMs })
  const circuit = circuitBreaker(handleWhenResult(isServiceError), {
    halfOpenAfter: probe,
    breaker: new CountBreaker({ threshold, size, minimumNumberOfCalls: minimum }),
  })
  const guarded = wrap(bulkhead(options.maxConcurrent, options.queue), circuit)
  const notAsked = (why: string) => ({ asked: false, result: unavailable(why, false) })

  return {
    provider,

    async attempt(message, limitMs) {
      // The breaker would make everybody wait for its probe, beyond their own time limit.
      if (circuit.state === CircuitState.HalfOpen) return notAsked('circuit half open')
      const endsAt = options.clock() + limitMs
      const turn = createTurn()
      try {
        const sending = guarded.execute(() => {
          turn.take()
          return sendInTime(provider, message, endsAt - options.clock())
        })
        return { asked: true, result: await turn.within(sending, limitMs * WAIT_SHARE) }
      } catch (error) {
        if (error instanceof NoTurn) return notAsked('waited in vain: others are under way')
        if (error instanceof BrokenCircuitError) return notAsked('circuit open')
        if (error instanceof BulkheadRejectedError) {
          return notAsked(`${options.maxConcurrent} messages under way already`)
        }
        throw error
      }
    },

    state() {
      if (circuit.state === CircuitState.Closed) return 'closed'
      // Without traffic nothing would ever half-open it: what counts is what the next message meets.
      return circuit.state === CircuitState.HalfOpen || probe.due ? 'half_open' : 'open'
    },
  }
}

/** One timer a message, and a signal that nothing else hangs on: both are made thousands of times a second. */
async function sendInTime(
  provider: Provider,
  message: OutgoingMessage,
  limitMs: number,
): Promise<SendResult> {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<SendResult>((resolve) => {
    const leave = () => resolve(unavailable('no answer within the time limit', true))
    timer = setTimeout(
      () => {
        timer = setTimeout(leave, GRACE_MS)
        late.abort()
      },
      Math.max(1, Math.ceil(limitMs)),
    )
  })
  try {
    return await Promise.race([provider.send(message, late.signal), silence])
  } catch (error) {
    // A defect of the provider's code: its words may hold the message, its name does not.
    return unclear(`provider failed: ${error instanceof Error ? error.name : typeof error}`)
  } finally {
    clearTimeout(timer)
  }
}

/** The time limit ended before the provider could be asked. */
class NoTurn extends Error {}

/** A message's turn at its provider: either it is taken in time, or never. */
function createTurn() {
  let state: 'waits' | 'taken' | 'missed' = 'waits'
  return {
    /** @throws NoTurn */
    take(): void {
      if (state === 'missed') throw new NoTurn()
      state = 'taken'
    },
    async within<T>(sending: Promise<T>, waitMs: number): Promise<T> {
      // most have it at once; a timer for each would be for nothing
      if (state === 'taken') return sending
      let timer: NodeJS.Timeout | undefined
      const end = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          if (state === 'taken') return
          state = 'missed'
          reject(new NoTurn())
        }, waitMs)
      })
      // whoever missed it is told once more when it would have come
      sending.catch(() => undefined)
      return Promise.race([sending, end]).finally(() => clearTimeout(timer))
    },
  }
}
