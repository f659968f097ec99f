import type { Fault } from './fault.js'
import type { WireFault } from './fault-proxy.js'
import type { ProviderMode, ReceiptHabits } from './provider.js'

const HABITS: ReceiptHabits = { afterMs: 300, times: 1 }

const mode = (name: string, what: string, bad: ProviderMode): Fault => ({
  name,
  what,
  begin: ({ provider }) => {
    provider.mode = bad
  },
  end: ({ provider }) => {
    provider.mode = 'well'
  },
})
const wire = (name: string, what: string, fault: WireFault): Fault => ({
  name,
  what,
  begin: ({ providerWire }) => providerWire.set(fault),
  end: ({ providerWire }) => providerWire.set(null),
})
const receipts = (name: string, what: string, habits: ReceiptHabits): Fault => ({
  name,
  what,
  begin: ({ provider }) => {
    provider.receipts = habits
  },
  end: ({ provider }) => {
    provider.receipts = HABITS
  },
})

/** What providers do to a gateway. */
export const PROVIDER_FAULTS: readonly Fault[] = [
  mode('provider-500', 'the provider answers 500 to every message', 'errors'),
  mode('provider-silent', 'the provider takes messages on and never answers', 'silent'),
  mode('provider-hangs-up', 'the provider takes messages on and hangs up', 'hangs up'),
  wire('provider-gone', 'the provider refuses connections', { kind: 'refuse' }),
  wire('provider-slow', 'the provider is 2 s away', { kind: 'latency', ms: 2_000 }),
  wire('provider-loss', '20 % of the packets to the provider are lost', {
    kind: 'loss',
    share: 0.2,
  }),
  receipts('receipts-thrice', 'every receipt comes three times', { afterMs: 100, times: 3 }),
  receipts('receipts-late', 'receipts come after 8 s', { afterMs: 8_000, times: 1 }),
]
