import type { Ledger } from '../ledger/port.js'
import type { LineStore } from '../lines/port.js'
import { step } from './span.js'

/** The store of lines with a span around each call. `close` is as it was. */
export const tracedLines = (lines: LineStore): LineStore => ({
  gather: step('lines.gather', (query, now) => lines.gather(query, now)),
  charge: step(
    'lines.charge',
    (query, demand, now) => lines.charge(query, demand, now),
    (charged) => ({ 'tollgate.charged': charged }),
  ),
  ...(lines.gatherAndReserve !== undefined && {
    gatherAndReserve: step('lines.gather_and_reserve', lines.gatherAndReserve.bind(lines)),
  }),
  ...(lines.release !== undefined && { release: lines.release.bind(lines) }),
  count: step('lines.count', (query, now) => lines.count(query, now)),
  settle: step('lines.settle', (settlement, now) => lines.settle(settlement, now)),
  close: () => lines.close(),
})

/** Calls that do not wait, or that nobody's request waits for. */
const UNTRACED = new Set(['append', 'healthy', 'close'])

/** The ledger with a span around each call that a request waits for: `ledger.commit`, `ledger.settle` ... */
export function tracedLedger(ledger: Ledger): Ledger {
  const methods = new Map<string | symbol, unknown>()
  return new Proxy(ledger, {
    get(target, key) {
      const known = methods.get(key)
      if (known !== undefined) return known
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== 'function') return value
      const bound = value.bind(target) as (...args: unknown[]) => unknown
      const method =
        typeof key === 'symbol' || UNTRACED.has(key) ? bound : step(`ledger.${key}`, bound)
      methods.set(key, method)
      return method
    },
  })
}
