import type { Signal } from './signal.js'

/** A range no operator holds. */
export const unallocated: Signal = {
  code: 'number.unallocated',
  group: 'number',
  start: 3,
  why: 'Revenue-share fraud also uses ranges nobody was given, hijacked on the way; no subscriber can read a code there. Tables lag new ranges by months, so not the full 4.',
  says: 'the number lies in a range that no operator holds',
  unit: null,
  read: ({ facts }) => (facts.number.allocated ? 0 : 1),
}
