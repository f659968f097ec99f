/** What is said of a file whose rows were left behind. */
export const noRows = (file: string): string => `${file}: holds a header and no row below it`

/** A log that cannot be understood. The message says what was seen and what to pass. */
export class LogError extends Error {
  override readonly name = 'LogError'
}
