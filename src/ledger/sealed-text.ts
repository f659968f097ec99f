/** A whole number in text; a range ends in a star. */
const NUMBER = /\+[1-9][0-9]{7,14}(?![0-9*])/g
/** What stands for one: see `hashedNumbers`. */
const NUMBER_KEY = /h:[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])/g

/**
 * Text with its numbers replaced. What merely looks like a number is replaced too: `show` gives back whatever was there.
 * @param put what stands for a number
 */
export const hideNumbers = (text: string, put: (e164: string) => string): string =>
  text.replace(NUMBER, put)

/** Keys of numbers in text. */
export const keysIn = (text: string): string[] => text.match(NUMBER_KEY) ?? []

/** @param numbers what the keys stand for; the others stay */
export const showNumbers = (text: string, numbers: ReadonlyMap<string, string>): string =>
  text.replace(NUMBER_KEY, (key) => numbers.get(key) ?? key)
