import { maskNumber, scrub } from '../engine/mask.js'

export { maskNumber, scrub }

/** An entry of a list as audit log and messages may show it: a number masked, anything wider as it is. */
export const maskEntry = (entry: string): string =>
  entry.startsWith('+') && !entry.endsWith('*') ? maskNumber(entry) : entry
