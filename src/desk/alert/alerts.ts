import type { DeskParts } from '../parts.js'

/** Rules that watch, and sinks that are told. */
export function createAlerts(parts: DeskParts) {
  return { parts }
}

export type Alerts = ReturnType<typeof createAlerts>
