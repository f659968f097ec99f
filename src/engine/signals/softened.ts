import type { RangeCounters } from './counters.js'

/** Losses a block is taken to have had before any was seen. */
const PRIOR_LOSSES = 2

/** A pattern in a block speaks less the larger the share of its recent sends that verified: a company enrols so. */
export const softened = (strength: number, block: RangeCounters): number =>
  strength * (1 - block.verified1h / (block.verified1h + block.lost1h + PRIOR_LOSSES))
