import type { DeskParts } from '../parts.js'

/** Users of the console: passkeys, sessions, roles, invitations. */
export function createAccess(parts: DeskParts) {
  return { parts }
}

export type Access = ReturnType<typeof createAccess>
