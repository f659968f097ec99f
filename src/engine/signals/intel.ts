import type { IntelHits, Signal } from './signal.js'

const hit = (of: keyof IntelHits, start: number, why: string): Signal => ({
  code: `intel.${of}`,
  group: 'intel',
  start,
  why,
  says: `confidence of outside lists that this ${of} is part of fraud`,
  unit: 'share',
  read({ intel }, seen) {
    const confidence = intel?.[of] ?? 0
    if (confidence <= 0) return 0
    seen.observed = confidence
    return Math.min(1, confidence)
  },
})

/** The number, its range or its source is on somebody's list. */
export const intel: readonly Signal[] = [
  hit(
    'number',
    3,
    'A number on a published test list is rarely a person’s; lists age within weeks (Moreno et al. 2023).',
  ),
  hit('range', 2, 'Ranges on lists of revenue-share numbers also hold honest subscribers.'),
  hit('source', 1.5, 'Residential addresses on lists change hands within days.'),
]
