/**
 * A phone number as logs and messages may show it: `+23480******67`. Keeps the country and the start of the
 * operator's range, which an operator needs to see an attack, and two digits to tell two numbers apart.
 */
export function maskNumber(number: string): string {
  if (number.length < 9) return '*'.repeat(number.length)
  return `${number.slice(0, 6)}${'*'.repeat(number.length - 8)}${number.slice(-2)}`
}

/** Hides whatever looks like a phone number or a code in text that others wrote (messages of errors). */
export function scrub(text: string): string {
  return text.replace(/\+?\d{7,}/g, maskNumber)
}

/** An entry of a list as audit log and messages may show it: a number masked, anything wider as it is. */
export const maskEntry = (entry: string): string =>
  entry.startsWith('+') && !entry.endsWith('*') ? maskNumber(entry) : entry
