import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { within } from './budget.js'

export interface Question {
  method: string
  /** path and query, as they go over the wire */
  target: string
  headers: Record<string, string>
  body: Buffer | null
}

export interface Said {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** an answer that has no end of its own was left after its head */
  endless: boolean
}

/** Longest answer, bytes: the stage holds some hundred rows, whatever is asked about them. */
const MOST_ANSWER = 2_000_000
const agent = new Agent({ keepAlive: true, maxSockets: 4 })

/** Asks as a client of HTTP would, with nothing made proper on the way. */
export function ask(origin: string, { method, target, headers, body }: Question): Promise<Said> {
  const { hostname, port } = new URL(origin)
  const asked = new Promise<Said>((resolve, reject) => {
    const sent = request(
      {
        ...{ hostname, port, agent, method, path: target, setHost: headers.host === undefined },
        headers: { ...headers, ...(body !== null && { 'content-length': body.length }) },
      },
      (response) => {
        const { statusCode: status = 0, headers } = response
        if (headers['content-type']?.startsWith('text/event-stream')) {
          response.destroy()
          return resolve({ status, headers, text: '', endless: true })
        }
        const parts: Buffer[] = []
        let bytes = 0
        response.on('data', (part: Buffer) => {
          bytes += part.length
          if (bytes > MOST_ANSWER)
            return sent.destroy(new Error(`more than ${MOST_ANSWER} bytes of answer`))
          parts.push(part)
        })
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status, headers, text: Buffer.concat(parts).toString('utf8'), endless: false }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body ?? undefined)
  })
  return within(() => `${method} ${target.slice(0, 200)}`, asked)
}
