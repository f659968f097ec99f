import { idleSeconds } from './activity'
import { isJson, type ProblemError, problemOf, timedOut, unreachable } from './problem'
import { timeLimit } from './time-limit'

export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | null | undefined>
>

/** Path below /v1/console with its query; empty and absent members are left out. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue
    if (typeof value === 'object') for (const one of value) search.append(name, one)
    else search.set(name, String(value))
  }
  const text = search.toString()
  return `/v1/console/${path}${text === '' ? '' : `?${text}`}`
}

let whenSignedOut: () => void = () => undefined
/** What happens when a session has ended under an open page. */
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener
}

let whenUnanswered: () => void = () => undefined
/** What happens when a request had no answer at all. @returns takes the listener away */
export function onUnanswered(listener: () => void): () => void {
  whenUnanswered = listener
  return () => {
    whenUnanswered = () => undefined
  }
}

let proveAgain: () => Promise<boolean> = async () => false
/** How a person shows again who they are, for what makes new ways in. @param prove resolves with whether they did */
export function onProveAgain(prove: () => Promise<boolean>): void {
  proveAgain = prove
}

/** How long an answer is waited for, ms: a gateway that hangs must not leave a page waiting for ever. */
const READ_LIMIT_MS = 20_000
/** A change may be replayed on recorded traffic, or wait for another one, before it is made. */
const CHANGE_LIMIT_MS = 60_000

export interface Asked {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  query?: Query | undefined
  /** sent as JSON; a string, form or blob as it is */
  body?: unknown
  /** of a body that is not JSON */
  contentType?: string
  signal?: AbortSignal | undefined
  /** how long the whole answer is waited for, ms @default 20 s to read, 60 s to change */
  limitMs?: number | undefined
  /** `false`: the person was asked for their passkey already */
  again?: boolean
}

/**
 * Asks the console's API. Mutations carry a header that other sites cannot send without being asked first (CSRF).
 * @throws ProblemError with the gateway's own sentence
 */
export async function request<T>(path: string, asked: Asked = {}): Promise<T> {
  const { method = 'GET', query, body, contentType, signal } = asked
  const change = method !== 'GET'
  const { limitMs = change ? CHANGE_LIMIT_MS : READ_LIMIT_MS } = asked
  const headers: Record<string, string> = {
    accept: 'application/json',
    'x-tollgate-idle': String(idleSeconds()),
  }
  if (change) headers['x-tollgate-console'] = '1'
  const raw = typeof body === 'string' || body instanceof Blob || body instanceof FormData
  if (body !== undefined && !raw) headers['content-type'] = 'application/json'
  else if (contentType !== undefined) headers['content-type'] = contentType
  const limit = timeLimit(limitMs, signal)
  let problem: ProblemError
  try {
    const answer = await fetch(address(path, query), {
      method,
      headers,
      credentials: 'same-origin',
      redirect: 'error',
      signal: limit.signal,
      ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
    })
    if (answer.status === 204) return undefined as T
    if (answer.ok && isJson(answer)) return (await answer.json()) as T
    problem = await problemOf(answer)
  } catch (cause) {
    if (signal?.aborted) throw cause
    whenUnanswered()
    throw limit.isOver() ? timedOut(limitMs, change) : unreachable(cause, change)
  } finally {
    limit.end()
  }
  if (problem.code === 'sign_in_again' && asked.again !== false && (await proveAgain()))
    return request<T>(path, { ...asked, again: false })
  if (problem.status === 401 && path !== 'hello') whenSignedOut()
  throw problem
}
