import type { Ask } from './ask.js'

/** What libraries give to the `fetch` that they were handed. */
export interface FetchInit {
  method: string
  headers: Record<string, string>
  body?: string | URLSearchParams | Uint8Array | ArrayBuffer | ReadableStream | null | undefined
  signal?: AbortSignal | undefined
}

/** `fetch` for libraries that take one: guarded, bounded, without following redirects. */
export const fetchBy =
  (ask: Ask) =>
  async (url: string, { method, headers, body, signal }: FetchInit): Promise<Response> => {
    const sent = body == null ? {} : { body: await new Response(body).text() }
    const none = new AbortController().signal
    const reply = await ask(url, { method, headers, ...sent }, signal ?? none)
    const type = reply.headers['content-type']
    return new Response(reply.text === '' ? null : reply.text, {
      status: reply.status,
      ...(type !== undefined && { headers: { 'content-type': type } }),
    })
  }
