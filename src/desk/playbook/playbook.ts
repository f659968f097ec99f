import type { DeskParts } from '../parts.js'

/** Reversible, expiring actions on ranges, networks, countries and services. */
export function createPlaybook(parts: DeskParts) {
  return { parts }
}

export type Playbook = ReturnType<typeof createPlaybook>
