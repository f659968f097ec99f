import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface EndpointRequest {
  method: string
  /** path and query */
  url: string
  headers: IncomingMessage['headers']
  body: string
}

/** How the endpoint meets a request: a status with a text or a JSON value, or code that does as it likes. */
export type EndpointAnswer =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | ((response: ServerResponse, request: IncomingMessage) => void)

export interface Endpoint {
  readonly url: string
  readonly requests: readonly EndpointRequest[]
  /** the last request; throws when none came */
  last(): EndpointRequest
  /** meets every request from now on */
  answers(answer: EndpointAnswer): void
  close(): Promise<void>
}

/** What a provider was asked to send is in no log (`test/suite-log`). */
const tellSecret = (body: string): void =>
  (globalThis as { tollgateTestSecret?: (text: string) => void }).tollgateTestSecret?.(body)

/** A real local HTTP server that records what comes and answers as told; 200 `{}` at first. @param port @default a free one */
export async function startEndpoint(port = 0): Promise<Endpoint> {
  const requests: EndpointRequest[] = []
  let answer: EndpointAnswer = { status: 200, body: {} }
  const server = createServer(async (request, response) => {
    // whoever is killed in the middle of a request has sent nothing
    const body = await text(request).catch(() => null)
    if (body === null) return
    const { method = '', url = '', headers } = request
    requests.push({ method, url, headers, body })
    tellSecret(body)
    if (typeof answer === 'function') return answer(response, request)
    const words = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '')
    response.writeHead(answer.status, answer.headers).end(words)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    last() {
      const request = requests.at(-1)
      if (!request) throw new Error('no request came')
      return request
    },
    answers(next) {
      answer = next
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
