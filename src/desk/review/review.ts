import type { DeskParts } from '../parts.js'

/** Requests that wait for a person. */
export function createReview(parts: DeskParts) {
  return { parts }
}

export type Review = ReturnType<typeof createReview>
