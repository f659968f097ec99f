/** The shared store of lines is lost and the failure policy is `closed`: nothing can be decided. */
export class LinesError extends Error {
  override readonly name = 'LinesError'
  constructor(
    readonly hint: string,
    options?: { cause?: unknown },
  ) {
    super(`lines lost: ${hint}`, options)
  }
}
