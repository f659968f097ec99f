import { connect } from 'node:net'

export interface RawAnswer {
  status: number
  head: string
  body: string
}

/**
 * What a server answers to bytes as they are, until it closes the connection or goes silent.
 * @param parts written one after the other @param quietMs silence after which nothing more is expected
 */
export function exchangeRaw(
  url: string,
  parts: readonly (string | Buffer)[],
  { quietMs = 400 }: { quietMs?: number } = {},
): Promise<{ text: string; closed: boolean; answers: RawAnswer[] }> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''))
    const chunks: Buffer[] = []
    let silence: NodeJS.Timeout | null = null
    const done = (closed: boolean) => {
      if (silence !== null) clearTimeout(silence)
      socket.destroy()
      const text = Buffer.concat(chunks).toString('latin1')
      resolve({ text, closed, answers: answersIn(text) })
    }
    const wait = () => {
      if (silence !== null) clearTimeout(silence)
      silence = setTimeout(() => done(false), quietMs)
    }
    socket.on('connect', () => {
      for (const part of parts) socket.write(part)
      wait()
    })
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      wait()
    })
    socket.on('close', () => done(true))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      // a server that has answered may reset what else we write
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? done(true) : reject(error),
    )
  })
}

function answersIn(text: string): RawAnswer[] {
  const found: RawAnswer[] = []
  let rest = text
  for (;;) {
    const start = /HTTP\/1\.1 (\d{3})/.exec(rest)
    const end = rest.indexOf('\r\n\r\n')
    if (start === null || end < 0) return found
    const head = rest.slice(start.index, end)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    found.push({ status: Number(start[1]), head, body: rest.slice(end + 4, end + 4 + length) })
    rest = rest.slice(end + 4 + length)
  }
}
