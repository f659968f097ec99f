import { once } from 'node:events'
import { connect } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Notice } from '../finding.js'
import type { PostAnswer } from '../post.js'
import type { Delivery, OpenSink } from '../sink.js'
import { textOf, type Words } from '../wording.js'

/** of one step: the greeting, an answer */
const TIMEOUT_MS = 10_000
/** of all of them: a server that sends a byte now and then would never be silent for long */
const WHOLE_MS = 25_000

export interface Letter {
  from: string
  to: string[]
  subject: string
  text: string
  html?: string
  messageId: string
  inReplyTo?: string
  date: Date
  headers: Record<string, string>
}

/** A header line of strangers' words: no control characters, and not without end. */
const headerText = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 200)

/** The letters of one alarm make one thread; a letter that is sent twice has one id. */
export function letterOf(
  place: { from: string; to: string[] },
  notice: Notice,
  words: Words,
  { id }: Delivery,
  html: string | null,
): Letter {
  const domain =
    place.from
      .split('@')
      .at(-1)
      ?.replace(/[^\w.-]/g, '') ?? 'tollgate'
  const thread =
    notice.type === 'alarm'
      ? `<${Buffer.from(notice.alarm.id).toString('base64url')}@${domain}>`
      : undefined
  return {
    from: place.from,
    to: place.to,
    subject: headerText(words.subject),
    text: textOf(words),
    ...(html !== null && { html }),
    messageId: `<${id}@${domain}>`,
    ...(thread !== undefined && { inReplyTo: thread }),
    date: new Date(notice.at),
    headers: {
      'auto-submitted': 'auto-generated',
      ...(thread !== undefined && { references: thread }),
    },
  }
}

/** @param signal ends the connection with the process @param wholeMs time limit of the attempt */
export async function toEmail(
  sink: OpenSink & { place: { type: 'email' } },
  letter: Letter,
  signal: AbortSignal,
  wholeMs = WHOLE_MS,
): Promise<PostAnswer> {
  const { host, port, security, user } = sink.place
  const late = AbortSignal.timeout(wholeMs)
  // a connection of our own: closing the transport does not end what it is at
  const socket = connect({ host, port, signal: AbortSignal.any([signal, late]) })
  // whoever waits for it is told; between two who wait nobody is, and an error that nobody hears ends the process
  socket.on('error', () => undefined)
  const transport = createTransport({
    host,
    port,
    getSocket: (_, done) => done(null, { connection: socket }),
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user !== null && { auth: { user, pass: sink.secret ?? '' } }),
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await once(socket, 'connect')
    const { response, rejected } = await transport.sendMail(letter)
    return rejected.length > 0
      ? { status: 550, text: `refused: ${rejected.map(String).join(', ')}; ${response}` }
      : { status: 250, text: response }
  } catch (error) {
    throw late.aborted ? new Error(`no answer within ${wholeMs / 1000} s`) : error
  } finally {
    socket.destroy()
    transport.close()
  }
}
