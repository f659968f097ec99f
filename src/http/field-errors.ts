/** One thing wrong with a request. */
export interface FieldError {
  /** JSON pointer into the body, or `query/...`, `path/...`, `header/...` */
  path: string
  message: string
  hint?: string
}

/** First error in words, and how many more there are. */
export function summary(errors: readonly FieldError[]): string {
  const [first] = errors
  if (!first) return 'The request is invalid.'
  const hint = first.hint === undefined ? '' : ` (${first.hint})`
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : ''
  return `${first.path} ${first.message}${hint}${more}`.trimStart()
}
