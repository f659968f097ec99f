import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { drain } from './close.js'

test('a connection that is kept open ends with an answer before the server closes', async () => {
  const app = Fastify({ forceCloseConnections: 'idle' })
  app.get('/', async () => 'here')
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = async () => {
    const request = get({ port, host: '127.0.0.1', agent })
    const [answer] = (await once(request, 'response')) as [IncomingMessage]
    await answer.resume().toArray()
    return { ...answer, connection: answer.headers.connection, reused: request.reusedSocket }
  }
  expect(await ask()).toMatchObject({ statusCode: 200, connection: 'keep-alive' })
  // longer than a test may take: it is over because no connection is left
  const drained = drain(app.server, 60_000)
  expect(await ask()).toMatchObject({ statusCode: 200, connection: 'close', reused: true })
  await drained
  await app.close()
})
