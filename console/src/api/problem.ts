/** Problem details (RFC 9457) as the gateway answers them. */
export interface Problem {
  status: number
  code: string
  title: string
  detail: string
  errors?: { path: string; message: string; hint?: string }[]
  retryAfter?: number
}

/** The field that a sentence begins with, as programs name it: /place/url. */
const POINTER = /^\/(?:[^/\s]+\/)*([^/\s]+) /

/** A request that was answered with a problem, or not at all (`status` 0). Its message is a sentence for a person. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  constructor(readonly problem: Problem) {
    super(problem.detail.replace(POINTER, '$1: '))
  }
  get status(): number {
    return this.problem.status
  }
  get code(): string {
    return this.problem.code
  }
}

/** @param change something was to be changed: nobody knows whether it was, and it is not tried again by itself */
export const unreachable = (cause: unknown, change: boolean): ProblemError =>
  Object.assign(
    new ProblemError({
      status: 0,
      code: 'unreachable',
      title: 'No answer',
      detail: change
        ? 'The gateway did not answer. See whether it was done before you do it again.'
        : 'The gateway does not answer. Try again when it does.',
    }),
    { cause },
  )

/** @param change as for `unreachable` @param limitMs how long its answer was waited for */
export const timedOut = (limitMs: number, change: boolean): ProblemError =>
  new ProblemError({
    status: 0,
    code: 'timed_out',
    title: 'No answer in time',
    detail: `The gateway did not answer within ${limitMs / 1_000} seconds. ${
      change
        ? 'It may still do it: see whether it was done before you do it again.'
        : 'It may be overloaded, or the way to it slow. Try again.'
    }`,
  })

export const isJson = ({ headers }: Response): boolean =>
  (headers.get('content-type') ?? '').includes('json')

/** The problem in an answer other than success; one from something between here and the gateway is named as that. */
export async function problemOf(answer: Response): Promise<ProblemError> {
  const foreign: Problem = {
    status: answer.status,
    code: 'foreign',
    title: answer.statusText,
    detail: `Something between this page and the gateway answered ${answer.status} ${answer.statusText}.`,
  }
  if (!isJson(answer)) return new ProblemError(foreign)
  const body: Partial<Problem> = await answer.json().catch(() => ({}))
  return new ProblemError({ ...foreign, ...body, status: answer.status })
}

/** What went wrong, as a sentence. */
export const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something went wrong in this page.'
