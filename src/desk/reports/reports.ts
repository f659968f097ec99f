import type { DeskParts } from '../parts.js'

/** Daily and monthly reports: made, kept, mailed. */
export function createReports(parts: DeskParts) {
  return { parts }
}

export type Reports = ReturnType<typeof createReports>
