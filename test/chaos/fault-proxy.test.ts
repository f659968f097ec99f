import { once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type FaultProxy, startFaultProxy } from './fault-proxy.js'

const takeDown: (() => unknown)[] = []
afterEach(async () => {
  for (const down of takeDown.splice(0).reverse()) await down()
})

/** A server that says everything back, behind a proxy. */
async function stage(
  random: () => number = () => 0.99,
): Promise<{ proxy: FaultProxy; echo: Server; open: Set<Socket> }> {
  const open = new Set<Socket>()
  const echo = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => open.delete(socket))
    socket.on('close', () => open.delete(socket))
    socket.pipe(socket)
  })
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
  takeDown.push(() => {
    for (const socket of open) socket.destroy()
    echo.close()
  })
  const proxy = await startFaultProxy({ to: (echo.address() as AddressInfo).port, random })
  takeDown.push(() => proxy.close())
  return { proxy, echo, open }
}

class Client {
  readonly socket: Socket
  readonly ended: Promise<string>
  text = ''
  #news: () => void = () => undefined

  constructor(port: number) {
    this.socket = dial({ port, host: '127.0.0.1', noDelay: true })
    takeDown.push(() => this.socket.destroy())
    this.socket.on('data', (bytes: Buffer) => {
      this.text += bytes.toString()
      this.#news()
    })
    this.ended = new Promise((ended) => {
      this.socket.on('error', (error: NodeJS.ErrnoException) => ended(error.code ?? error.message))
      this.socket.on('close', () => ended('closed'))
    })
  }

  async says(text: string): Promise<void> {
    while (this.text !== text) {
      if (!text.startsWith(this.text)) throw new Error(`said ${this.text}, not ${text}`)
      await new Promise<void>((news) => {
        this.#news = news
      })
    }
  }

  /** what it takes until all of it is back, ms */
  async round(text: string): Promise<number> {
    const from = performance.now()
    const all = this.text + text
    this.socket.write(text)
    await this.says(all)
    return performance.now() - from
  }
}

/** What has been written has reached the proxy once another connection got through. */
const settled = async (port: number) => {
  const other = new Client(port)
  await once(other.socket, 'connect')
}

test('a wire in order passes bytes both ways, and an end', async () => {
  const { proxy } = await stage()
  const client = new Client(proxy.port)
  const large = 'x'.repeat(3 << 20)
  await client.round(large)
  client.socket.end()
  expect(await client.ended).toBe('closed')
  expect(client.text).toBe(large)
})

test('latency is added to a round trip, in order', async () => {
  const { proxy } = await stage()
  await proxy.set({ kind: 'latency', ms: 200 })
  const client = new Client(proxy.port)
  expect(await client.round('one')).toBeGreaterThanOrEqual(195)
  client.socket.write('a')
  await proxy.set(null)
  // what is late holds up what comes after it
  client.socket.write('b')
  await client.says('oneab')
})

test('a lost packet is a stall of its retransmission, and nothing is lost', async () => {
  // lost twice, then never again
  const draws = [0.1, 0.1, 0.9]
  const { proxy } = await stage(() => draws.shift() ?? 0.9)
  await proxy.set({ kind: 'loss', share: 0.5 })
  const client = new Client(proxy.port)
  expect(await client.round('once')).toBeGreaterThanOrEqual(595)
  expect(draws).toEqual([])
})

test('bandwidth is what a second takes', async () => {
  const { proxy } = await stage()
  await proxy.set({ kind: 'bandwidth', bytesPerSecond: 100_000 })
  const client = new Client(proxy.port)
  expect(await client.round('x'.repeat(20_000))).toBeGreaterThanOrEqual(195)
})

test('a partition says nothing, and delivers all when it heals', async () => {
  const { proxy, open } = await stage()
  const client = new Client(proxy.port)
  await client.round('before ')
  await proxy.set({ kind: 'partition' })
  client.socket.write('during ')
  await settled(proxy.port)
  expect(client.text).toBe('before ')
  expect(open.size).toBeGreaterThan(0)
  await proxy.set(null)
  await client.says('before during ')
})

test('a partition hides that the other side is gone', async () => {
  const { proxy, open } = await stage()
  const client = new Client(proxy.port)
  await client.round('before')
  await proxy.set({ kind: 'partition' })
  for (const socket of open) socket.resetAndDestroy()
  await settled(proxy.port)
  expect(client.socket.destroyed).toBe(false)
  await proxy.set(null)
  expect(await client.ended).toMatch(/ECONNRESET|closed/)
})

test('half-open: what is sent vanishes, and the connection is reset at the end', async () => {
  const { proxy } = await stage()
  const client = new Client(proxy.port)
  await client.round('before')
  await proxy.set({ kind: 'half-open' })
  client.socket.write('lost')
  await settled(proxy.port)
  expect(client.text).toBe('before')
  expect(client.socket.destroyed).toBe(false)
  await proxy.set(null)
  expect(await client.ended).toBe('ECONNRESET')
  expect(client.text).toBe('before')
})

test('a cut resets what is open and takes new connections', async () => {
  const { proxy } = await stage()
  const client = new Client(proxy.port)
  await client.round('before')
  proxy.cut()
  expect(await client.ended).toBe('ECONNRESET')
  await new Client(proxy.port).round('after')
})

test('a closed port refuses, and opens again as the same', async () => {
  const { proxy } = await stage()
  const client = new Client(proxy.port)
  await client.round('before')
  await proxy.set({ kind: 'refuse' })
  expect(await client.ended).toBe('ECONNRESET')
  expect(await new Client(proxy.port).ended).toBe('ECONNREFUSED')
  await proxy.set(null)
  await new Client(proxy.port).round('after')
  expect(proxy.connections).toBe(1)
})

test('a server that is not there is a connection that ends', async () => {
  const { proxy, echo } = await stage()
  echo.close()
  await once(echo, 'close')
  expect(await new Client(proxy.port).ended).toMatch(/ECONNRESET|closed/)
})
