import { createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { toEmail } from './email.js'

/** A server of mail that sends a byte now and then, and never a whole answer. */
async function trickling() {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    const drip = setInterval(() => socket.write('2'), 5)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(drip)
      sockets.delete(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { port, sockets, close: () => server.close() }
}

const place = { type: 'email', host: '127.0.0.1', security: 'none', user: null } as const
const letter = {
  ...{ from: 'a@example.com', to: ['b@example.com'], subject: 's', text: 't', headers: {} },
  ...{ messageId: '<1@example.com>', date: new Date(0) },
}

it('ends with the process, and by itself where the server trickles', async () => {
  const server = await trickling()
  const sink = (port: number) =>
    ({ secret: null, place: { ...place, port, from: '', to: [] } }) as unknown as Parameters<
      typeof toEmail
    >[0]
  const never = new AbortController().signal
  await expect(toEmail(sink(server.port), letter, never, 50)).rejects.toThrow('no answer within')
  const stop = new AbortController()
  const sent = toEmail(sink(server.port), letter, stop.signal, 60_000)
  stop.abort()
  await expect(sent).rejects.toThrow()
  await expect.poll(() => server.sockets.size).toBe(0)
  server.close()
})
