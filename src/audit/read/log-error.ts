/** A log that cannot be understood. The message says what was seen and what to pass. */
export class LogError extends Error {
  override readonly name = 'LogError'
}
