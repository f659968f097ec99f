import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import webhooks from 'twilio/lib/webhooks/webhooks.js'

/** A message the fake accepted. */
export interface FakeMessage {
  sid: string
  to: string
  from: string | null
  messagingServiceSid: string | null
  body: string
  statusCallback: string | null
  /** the form as it came, for checks against the specification */
  form: Record<string, string>
}

/** What the next request meets instead of an accepted message. */
export type FakeFault =
  | FakeProblem
  /** accepted and recorded, then the connection is cut before the answer */
  | { reset: 'after' }
  /** the connection is cut when the request has come */
  | { reset: 'before' }
  /** never answered; `headers`: status and headers come, the body never ends */
  | { silent: true; headers?: number }
  /** accepted, answered after this time, ms */
  | { delayMs: number }

/** An answer in Twilio's error format, or `text` as it is. */
export interface FakeProblem {
  status: number
  code?: number
  message?: string
  text?: string
  location?: string
}

export interface FakeTwilio {
  /** give it to the provider as `baseUrl` */
  readonly baseUrl: string
  readonly accountSid: string
  readonly authToken: string
  /** accepted messages, in order */
  readonly messages: readonly FakeMessage[]
  /** all requests that came, refused ones too */
  readonly requests: number
  /** JSON the fake answered with, in order */
  readonly answers: readonly { status: number; body: unknown }[]
  /** meets the next `times` requests; faults queue up. @param times default 1 */
  fail(fault: FakeFault, times?: number): void
  /** Posts a status callback as Twilio does, signed; the URL defaults to the message's own. Gives the HTTP status. */
  postReceipt(
    sid: string,
    receipt: { status: string; errorCode?: number },
    url?: string,
  ): Promise<number>
  /** headers and body of such a callback, for callers without a server */
  signReceipt(
    sid: string,
    receipt: { status: string; errorCode?: number },
    url: string,
  ): { url: string; headers: Record<string, string>; body: string }
  close(): Promise<void>
}

/**
 * Twilio's Messages API as a real local server: Basic auth, form in, message resource out, the same answer
 * format on errors. SIDs count up, so that a run can be repeated.
 */
export async function startFakeTwilio({
  accountSid = `AC${'0'.repeat(31)}1`,
  authToken = 'fake-auth-token',
  port = 0,
}: {
  accountSid?: string
  authToken?: string
  port?: number
} = {}): Promise<FakeTwilio> {
  const messages: FakeMessage[] = []
  const answers: { status: number; body: unknown }[] = []
  const faults: FakeFault[] = []
  let requests = 0

  const server = createServer(async (request, response) => {
    requests++
    const fault = faults.shift()
    const body = await read(request)
    if (fault && 'reset' in fault && fault.reset === 'before') return void request.socket.destroy()
    if (fault && 'silent' in fault) {
      if (fault.headers) response.writeHead(fault.headers).write('{"sid":')
      return
    }
    if (fault && 'status' in fault) return sendFault(response, fault)
    const answer = accept(request, new URLSearchParams(body))
    if (fault && 'reset' in fault) return void request.socket.destroy()
    if (fault && 'delayMs' in fault) await new Promise((done) => setTimeout(done, fault.delayMs))
    sendJson(response, answer.status, answer.body)
  })

  function accept(request: IncomingMessage, form: URLSearchParams) {
    const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
    if (request.headers.authorization !== expected) {
      return problem(401, 20003, 'Authenticate')
    }
    if (
      request.method !== 'POST' ||
      request.url !== `/2010-04-01/Accounts/${accountSid}/Messages.json`
    ) {
      return problem(404, 20404, `The requested resource ${request.url} was not found`)
    }
    const to = form.get('To')
    const body = form.get('Body')
    const from = form.get('From')
    const messagingServiceSid = form.get('MessagingServiceSid')
    if (!to) return problem(400, 21604, "A 'To' phone number is required.")
    if (!from && !messagingServiceSid) return problem(400, 21603, "A 'From' number is required.")
    if (!body) return problem(400, 21602, 'Message body is required.')
    const message: FakeMessage = {
      sid: `SM${(messages.length + 1).toString(16).padStart(32, '0')}`,
      to,
      from,
      messagingServiceSid,
      body,
      statusCallback: form.get('StatusCallback'),
      form: Object.fromEntries(form),
    }
    messages.push(message)
    return { status: 201, body: resource(accountSid, message) }
  }

  function sendFault(
    response: ServerResponse,
    { status, code, message, text, location }: FakeProblem,
  ) {
    if (location) response.setHeader('location', location)
    if (text !== undefined) return void response.writeHead(status).end(text)
    const fallback = status >= 500 ? 20500 : 20001
    sendJson(response, status, problem(status, code ?? fallback, message ?? 'scripted').body)
  }

  function sendJson(response: ServerResponse, status: number, body: unknown) {
    answers.push({ status, body })
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  function signReceipt(
    sid: string,
    { status, errorCode }: { status: string; errorCode?: number },
    url: string,
  ) {
    const message = messages.find((sent) => sent.sid === sid)
    const form: Record<string, string> = {
      SmsSid: sid,
      SmsStatus: status,
      MessageStatus: status,
      To: message?.to ?? '',
      MessageSid: sid,
      AccountSid: accountSid,
      From: message?.from ?? '',
      ApiVersion: '2010-04-01',
      ...(errorCode === undefined ? {} : { ErrorCode: String(errorCode) }),
    }
    return {
      url,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': webhooks.getExpectedTwilioSignature(authToken, url, form),
      },
      body: new URLSearchParams(form).toString(),
    }
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accountSid,
    authToken,
    messages,
    answers,
    get requests() {
      return requests
    },
    fail(fault, times = 1) {
      for (let i = 0; i < times; i++) faults.push(fault)
    },
    signReceipt,
    async postReceipt(sid, receipt, url) {
      const target = url ?? messages.find((message) => message.sid === sid)?.statusCallback
      if (!target) throw new Error(`message ${sid} has no StatusCallback and no URL was given`)
      const { headers, body } = signReceipt(sid, receipt, target)
      const response = await fetch(target, { method: 'POST', headers, body })
      await response.arrayBuffer()
      return response.status
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function problem(status: number, code: number, message: string) {
  const more_info = `https://www.twilio.com/docs/errors/${code}`
  return { status, body: { code, message, more_info, status } }
}

function resource(accountSid: string, message: FakeMessage) {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`
  const created = 'Sat, 21 Nov 2026 05:00:00 +0000'
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: created,
    date_sent: null,
    date_updated: created,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: '0',
    num_segments: message.messagingServiceSid ? '0' : '1',
    price: null,
    price_unit: null,
    sid: message.sid,
    status: message.messagingServiceSid ? 'accepted' : 'queued',
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}
