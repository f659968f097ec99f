import { ramp } from './ramp.js'
import type { Signal } from './signal.js'

/** Numbers of a household and its devices. */
const FREE = 6
const TIMES_TO = 8

/** Numbers joined by shared devices, accounts and sessions, against what they verified. */
export const cluster: Signal = {
  code: 'cluster.numbers',
  group: 'source',
  start: 2.5,
  why: 'Device farms rotate addresses but share devices and accounts; a family or a shop is small, and verifies.',
  says: 'numbers joined to this one by shared devices and accounts',
  unit: 'numbers',
  read({ cluster, p, unreported }, seen) {
    if (cluster === undefined || cluster.numbers <= FREE || unreported === true) return 0
    const expected = FREE + cluster.verified / p
    const strength = ramp(Math.log(cluster.numbers / expected), 0, Math.log(TIMES_TO))
    if (strength === 0) return 0
    seen.observed = cluster.numbers
    seen.expected = expected
    return strength
  },
}
