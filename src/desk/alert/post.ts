import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { readAddress } from '../../network/address.js'
import { isPublicAddress } from './public-address.js'

/** Longest answer that is read, bytes: sinks say what is wrong in a few hundred. */
const MOST_ANSWER = 16_384
const TIMEOUT_MS = 10_000

export interface PostAnswer {
  status: number
  text: string
}

/** One POST to an address that an operator gave. @throws Error with words for the operator when there is no answer */
export type Post = (
  url: string,
  message: { headers: Record<string, string>; body: string },
) => Promise<PostAnswer>

export interface PostOptions {
  /** sinks in private networks, and without TLS, are allowed */
  allowPrivate: boolean
  /** aborts what is under way */
  signal: AbortSignal
  /** @default 10 s */
  timeoutMs?: number
  /** @default the system's */
  lookup?: typeof systemLookup
}

/**
 * Posts without being led astray: the server would otherwise be asked to knock at the metadata service of its cloud, or at
 * whatever listens beside it. What is checked is the address that is connected to, of each name each time (a name may
 * answer otherwise the second time), and redirects are not followed.
 */
export function createPost(options: PostOptions): Post {
  const { allowPrivate, signal, timeoutMs = TIMEOUT_MS, lookup = systemLookup } = options

  const publicOnly: LookupFunction = (name, { family, hints }, done) => {
    lookup(name, { family, hints, all: true } as { all: true }, (error, addresses) => {
      if (error) return done(error, '', 4)
      const usable = (addresses as LookupAddress[]).filter(({ address }) =>
        isPublicAddress(address),
      )
      const [first] = usable
      if (first === undefined)
        return done(new Error(`${name} is in a private network, ${PRIVATE}`), '', 4)
      done(null, usable as unknown as string, first.family)
    })
  }

  return (address, { headers, body }) =>
    new Promise((resolve, reject) => {
      const url = new URL(address)
      const problem = urlProblem(address, allowPrivate)
      if (problem !== null) return reject(new Error(problem))
      const call = url.protocol === 'https:' ? httpsRequest : httpRequest
      const request = call(url, {
        method: 'POST',
        agent: false,
        timeout: timeoutMs,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        ...(!allowPrivate && { lookup: publicOnly, autoSelectFamily: true }),
      })
      request.on('error', (error: NodeJS.ErrnoException) =>
        reject(error.name === 'AbortError' ? new Error(timedOut(timeoutMs)) : error),
      )
      request.on('timeout', () => request.destroy(new Error(timedOut(timeoutMs))))
      request.on('response', (response) => {
        const { statusCode: status = 0 } = response
        if (status >= 300 && status < 400) {
          response.destroy()
          return reject(
            new Error(
              `it answered ${status}, a redirect, which is not followed: give the final URL`,
            ),
          )
        }
        const chunks: Buffer[] = []
        let size = 0
        const end = () => resolve({ status, text: Buffer.concat(chunks).toString('utf8') })
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size <= MOST_ANSWER) return void chunks.push(chunk)
          response.destroy()
          end()
        })
        response.on('end', end)
        response.on('error', reject)
      })
      request.end(body)
    })
}

const timedOut = (ms: number): string => `no answer within ${ms / 1000} s`
const PRIVATE = 'which needs allowPrivateSinks: true in the deployment file'

/** What is wrong with the URL of a sink as it is written; `null` when it may be tried. */
export function urlProblem(text: string, allowPrivate: boolean): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) return 'give a URL that begins with https://'
  if (url.username !== '' || url.password !== '') return 'leave user and password out of the URL'
  if (allowPrivate) return null
  if (url.protocol !== 'https:')
    return 'give a URL that begins with https:// (http:// needs allowPrivateSinks: true in the deployment file)'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // addresses are connected to without a look-up
  return readAddress(host) !== null && !isPublicAddress(host)
    ? `${host} is in a private network, ${PRIVATE}`
    : null
}
