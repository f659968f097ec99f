import type { Provider, Sender, SendResult } from '../send/port.js'
import { stage } from './span.js'

const outcomeOf = (result: SendResult) => ({
  'tollgate.send.result': result.ok ? 'accepted' : result.error,
  ...(!result.ok && {
    'tollgate.send.may_have_been_sent': result.mayHaveBeenSent,
    'error.type': result.error,
  }),
})

/** One message, over all the providers that were asked. */
export const tracedSender = (sender: Sender): Sender => ({
  send: stage('send', (message) => sender.send(message), {
    describe: (result) => ({
      ...outcomeOf(result),
      'tollgate.provider': result.provider,
      'tollgate.send.attempts': result.attempts,
    }),
  }),
  receipts: (provider, request) => sender.receipts(provider, request),
  health: () => sender.health(),
})

/** One message at one provider; its request carries the span's `traceparent`. */
export const tracedProvider = (provider: Provider): Provider => ({
  name: provider.name,
  ...(provider.timeoutMs !== undefined && { timeoutMs: provider.timeoutMs }),
  receipts: (request) => provider.receipts(request),
  send: stage(`provider ${provider.name}`, (message, signal) => provider.send(message, signal), {
    kind: 'client',
    describe: (result) => ({
      ...outcomeOf(result),
      'tollgate.provider': provider.name,
    }),
  }),
})
