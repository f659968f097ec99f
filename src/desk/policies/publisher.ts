import type { DeskParts } from '../parts.js'

/** Versions of the policy: checked, published, rolled back. */
export function createPublisher(parts: DeskParts) {
  return { parts }
}

export type Publisher = ReturnType<typeof createPublisher>
