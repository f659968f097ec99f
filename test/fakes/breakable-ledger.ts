import { type Ledger, LedgerError } from '../../src/ledger/port.js'

/** A ledger behind a network that can break. */
export interface BreakableLedger {
  ledger: Ledger
  /** `refuses`: nothing reaches it; `mute`: it does what it is asked and never says so */
  is: 'well' | 'refuses' | 'mute'
}

export function breakableLedger(inner: Ledger): BreakableLedger {
  const broken: BreakableLedger = { ledger: inner, is: 'well' }
  broken.ledger = new Proxy(inner, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name)
      if (typeof found !== 'function' || name === 'close') return found
      return (...given: unknown[]) => {
        if (broken.is === 'refuses') {
          if (name === 'healthy') return Promise.resolve(false)
          const error = new LedgerError('lost', 'nothing listens there')
          if (name === 'append') throw error
          return Promise.reject(error)
        }
        const done: unknown = Reflect.apply(found, target, given)
        if (broken.is === 'well' || !(done instanceof Promise)) return done
        return name === 'healthy' ? Promise.resolve(false) : new Promise(() => undefined)
      }
    },
    // the spool spreads it
    ownKeys: (target) => Reflect.ownKeys(target),
  })
  return broken
}
