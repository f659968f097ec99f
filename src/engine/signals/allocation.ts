import type { Signal } from './signal.js'

/** A range no operator holds. */
export const unallocated: Signal = {
  code: 'number.unallocated',
  group: 'number',
  start: 3,
  why: 'Revenue-share test numbers often lie in unallocated ranges, hijacked on the way (Sahin and Francillon, NDSS 2021); tables lag new ranges by months, so not the full 4.',
  says: 'the number lies in a range that no operator holds',
  unit: null,
  read: ({ facts }) => (facts.number.allocated ? 0 : 1),
}
