import { loadPrices } from '../phone/prices.js'
import { consoleProvider } from '../send/console.js'
import type { Provider, ReceiptRequest } from '../send/port.js'
import { createSender } from '../send/sender.js'
import { tracedProvider } from '../tracing/sends.js'
import { type ComposeOptions, compose } from '../verify/compose.js'
import type { Gate } from '../verify/types.js'
import { checkOptions } from './check-options.js'
import { checkRequest } from './check-request.js'
import { functionProvider } from './function-provider.js'
import { withChecks } from './gate-arguments.js'
import type { CreateGateOptions } from './options.js'
import { readPolicyOption } from './policy-option.js'

/** A gate in this process. Expected refusals are values (`{ ok: false, error }`), never exceptions. */
export interface LocalGate extends Gate {
  /**
   * A webhook of a provider, raw as it came: its signature is checked and its receipts settled.
   * @returns how many receipts were of messages sent here
   */
  receipts(
    provider: string,
    request: ReceiptRequest,
  ): Promise<number | 'unknown_provider' | 'bad_signature'>
  /** state of each provider's circuit breaker */
  providers(): { provider: string; state: 'closed' | 'open' | 'half_open' }[]
  /** Writes the snapshot of the lines now; without `data` there is none. */
  save(): Promise<void>
  /** Ends upkeep, saves the lines, closes the ledger. Everything recorded is durable when it resolves. */
  close(): Promise<void>
}

/**
 * A whole gate in this process, without a server: decides before money is spent, runs verifications, learns from what
 * became of them.
 *
 * @throws Error that says what is wrong and what to do: an option, the policy, the prices, the data directory, the keys
 * @example
 * import { createGate } from 'tollgate'
 *
 * const messages = []
 * const gate = await createGate({ send: async (message) => messages.push(message) })
 *
 * const started = await gate.start({ service: 'signup', to: '+2348031234567', ip: '105.112.3.4' })
 * if (!started.ok) throw new Error(started.error.message)
 * const code = /\d{6}/.exec(messages[0].body)[0] // the person reads it on the phone
 *
 * const checked = await gate.check(started.value.verification.id, code)
 * console.log(checked.ok && checked.value.status) // 'verified'
 * await gate.close()
 */
export async function createGate(options: CreateGateOptions = {}): Promise<LocalGate> {
  checkOptions(options)
  const { policy, lines, send, prices, receiptUrl, ...rest } = options
  const providers = providersOf(send)
  const sender = createSender({
    providers: rest.tracing ? providers.map(tracedProvider) : providers,
    ...(receiptUrl && { receiptUrl }),
  })
  const composing: ComposeOptions = { ...rest, ...readPolicyOption(policy), sender }
  if (lines !== undefined) composing.lines = lines
  if (prices !== undefined)
    composing.prices = typeof prices === 'string' ? loadPrices(prices) : prices

  const { gate, save, close } = await compose(composing)
  return withChecks<LocalGate>({
    ...gate,
    decide: async (request, patience) => gate.decide(checkRequest(request), patience),
    assess: async (request, patience) => gate.assess(checkRequest(request), patience),
    start: async (request, patience) => gate.start(checkRequest(request), patience),
    get policy() {
      return gate.policy
    },
    async receipts(provider, request) {
      const receipts = sender.receipts(provider, request)
      return typeof receipts === 'string' ? receipts : gate.receive(provider, receipts)
    },
    providers: () => sender.health(),
    save,
    close,
  })
}

function providersOf(send: CreateGateOptions['send']): readonly Provider[] {
  if (send === undefined) return [consoleProvider()]
  if (typeof send === 'function') return [functionProvider(send)]
  return 'send' in send ? [send] : send
}
