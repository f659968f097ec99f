/** One thing that is wrong with a policy file: what, where, and how to mend it. */
export interface PolicyError {
  file: string
  /** 1-based */
  line: number
  column: number
  /** `services.signup.code.digits`; empty for the file as a whole */
  path: string
  /** what stands there, shortened; absent where nothing does */
  value?: string
  message: string
  hint: string
}

/** At most this many are reported: a wrong file of 1 MB has one mistake a line. */
export const MAX_ERRORS = 50

/** For a terminal or a log: `policy.yaml:7:14 services.signup.code.expires: ... (write 10m)`. */
function formatError({ file, line, column, path, message, hint }: PolicyError): string {
  const where = path === '' ? '' : `${path}: `
  return `${file}:${line}:${column}  ${where}${message}\n    ${hint}`
}

/** Several errors, one below the other. */
export const formatErrors = (errors: readonly PolicyError[]): string =>
  errors.map(formatError).join('\n')
