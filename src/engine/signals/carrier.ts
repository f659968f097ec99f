import { DAY } from '../units.js'
import { ramp } from './ramp.js'
import type { Signal } from './signal.js'

/** What a carrier's interface says; absent where none is asked. */
export const carrier: readonly Signal[] = [
  {
    code: 'carrier.inactive',
    group: 'carrier',
    start: 3,
    why: 'The carrier says that nobody can receive the code; look-ups lag activations by hours.',
    says: 'the carrier says that the number is not in service',
    unit: null,
    read: ({ carrier }) => (carrier?.active === false ? 1 : 0),
  },
  {
    code: 'carrier.new_line',
    group: 'carrier',
    start: 1,
    why: 'SIM farms renew their cards and people keep theirs for years (a judgement); but new subscribers are also those who sign up most.',
    says: 'days since the subscription began',
    unit: 'days',
    read({ carrier }, seen) {
      const tenure = carrier?.tenureMs ?? null
      if (tenure === null) return 0
      const strength = ramp(-tenure, -60 * DAY, -7 * DAY)
      if (strength > 0) seen.observed = tenure / DAY
      return strength
    },
  },
  {
    code: 'carrier.sim_swap',
    group: 'carrier',
    start: 0.4,
    why: 'A fresh SIM is a sign of account takeover rather than of pumping: near nothing here until outcomes say otherwise.',
    says: 'days since the SIM was changed',
    unit: 'days',
    read({ carrier }, seen) {
      const ago = carrier?.simSwappedMsAgo ?? null
      if (ago === null) return 0
      const strength = ramp(-ago, -7 * DAY, -DAY)
      if (strength > 0) seen.observed = ago / DAY
      return strength
    },
  },
  {
    code: 'carrier.recycled',
    group: 'carrier',
    start: 0.4,
    why: 'A number with a new owner has lost its history here, which is no sign of pumping by itself.',
    says: 'the number changed hands since it was last verified',
    unit: null,
    read: ({ carrier }) => (carrier?.recycled === true ? 1 : 0),
  },
]
