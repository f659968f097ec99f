import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A real local SMTP server that keeps what it takes. */
export interface Smtp {
  port: number
  letters: Email[]
  logins: string[]
  /** answers every letter with a temporary fault from now on, or takes them again */
  fails(yes: boolean): void
  close(): Promise<void>
}

export async function startSmtp(account?: { user: string; pass: string }): Promise<Smtp> {
  const letters: Email[] = []
  const logins: string[] = []
  let failing = false
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: account === undefined,
    allowInsecureAuth: true,
    onAuth({ username = '', password }, _session, done) {
      logins.push(username)
      const right = username === account?.user && password === account.pass
      done(right ? null : new Error('wrong password'), right ? { user: username } : undefined)
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        if (failing) return done(Object.assign(new Error('mailbox busy'), { responseCode: 451 }))
        letters.push(await PostalMime.parse(Buffer.concat(chunks)))
        done()
      })
    },
  })
  // a client that hangs up in the middle is none of the server's business here
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as AddressInfo).port,
    letters,
    logins,
    fails(yes) {
      failing = yes
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
