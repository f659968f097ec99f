import { DirectoryError } from '../files/make-directory.js'
import { LedgerError } from '../ledger/port.js'

/** What the process ends with. */
export const EXIT = {
  ok: 0,
  /** the answer is no: a failed check, something asked for that is not there */
  refused: 1,
  /** the command line, a configuration, a policy, a price or a traffic file is wrong */
  usage: 2,
  /** the ledger or the data directory is in trouble */
  store: 3,
  /** the work went well and found more than `--fail-above` allows */
  exceeded: 3,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** An expected end of a command: what is wrong, where, and how to mend it. */
export class CliFault extends Error {
  override readonly name = 'CliFault'
  readonly exit: ExitCode
  /** how to mend it */
  readonly mend: string | null
  /** the answer has said it already: in JSON nothing more is printed */
  readonly told: boolean

  constructor(
    exit: ExitCode,
    message: string,
    { mend, cause, told = false }: { mend?: string; cause?: unknown; told?: boolean } = {},
  ) {
    super(message, { cause })
    this.exit = exit
    this.mend = mend ?? null
    this.told = told
  }
}

export const usageFault = (message: string, mend?: string, cause?: unknown): CliFault =>
  new CliFault(EXIT.usage, message, { ...(mend !== undefined && { mend }), cause })
export const storeFault = (message: string, mend?: string, cause?: unknown): CliFault =>
  new CliFault(EXIT.store, message, { ...(mend !== undefined && { mend }), cause })

/** What the file system says of a path that somebody named wrongly. */
const PATH_CODES: ReadonlySet<string> = new Set(
  'EACCES EEXIST EISDIR ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS'.split(' '),
)

/** What the system says of a path, without the call and the path itself: the message has named it. */
export const systemReason = (cause: unknown): string =>
  String(cause instanceof Error ? cause.message : cause).replace(/, [a-z]+(?: '.*')?$/s, '')

/** Any error as a command ends with it. What nobody foresaw is exit 1 and asks for `--debug`. */
export function faultOf(error: unknown): CliFault {
  if (error instanceof CliFault) return error
  if (error instanceof LedgerError)
    return storeFault(`the ledger is ${error.fault}`, error.hint, error)
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && (error.name === 'TrafficError' || error.name === 'PriceFileError'))
    return usageFault(message, undefined, error)
  if (error instanceof DirectoryError) return usageFault(message, 'name another one', error)
  const { code, path } = error as NodeJS.ErrnoException
  if (code !== undefined && path !== undefined && PATH_CODES.has(code))
    return usageFault(
      `cannot read or write ${path} (${systemReason(error)})`,
      'check the path and its permissions',
      error,
    )
  return new CliFault(EXIT.refused, `unexpected: ${message}`, {
    mend: 'run the command again with --debug and report what it prints',
    cause: error,
  })
}

/** Runs work whose errors are all about configuration: their message is what is wrong. */
export async function asUsage<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CliFault || error instanceof LedgerError) throw error
    throw usageFault(
      `${what}${error instanceof Error ? error.message : String(error)}`,
      undefined,
      error,
    )
  }
}
