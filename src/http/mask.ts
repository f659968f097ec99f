import { maskNumber } from '../engine/mask.js'

export { maskNumber }

/** Hides whatever looks like a phone number or a code in text that others wrote (messages of errors). */
export function scrub(text: string): string {
  return text.replace(/\+?\d{7,}/g, maskNumber)
}

/** An entry of a list as audit log and messages may show it: a number masked, anything wider as it is. */
export const maskEntry = (entry: string): string =>
  entry.startsWith('+') && !entry.endsWith('*') ? maskNumber(entry) : entry
