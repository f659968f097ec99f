import type { DeskParts } from '../parts.js'

/** Incidents as they are kept: figures, timeline, notes, evidence. */
export function createIncidentBook(parts: DeskParts) {
  return { parts }
}

export type IncidentBook = ReturnType<typeof createIncidentBook>
