import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, startHarness } from '../e2e/harness.js'
import { exchangeRaw } from './raw-socket.js'

let gateway: Harness
let host: string
beforeAll(async () => {
  gateway = await startHarness({ server: { requestTimeoutMs: 1_000 } })
  host = new URL(gateway.url).host
})
afterAll(() => gateway?.close())

describe('what a stranger sends has a bound', () => {
  test('headers of 20 kB, and 5,000 of them, are refused before anything is read of the body', async () => {
    const long = `x-a: ${'a'.repeat(20_000)}\r\n`
    const many = Array.from({ length: 5_000 }, (_, i) => `x-${i}: a\r\n`).join('')
    for (const headers of [long, many]) {
      const { answers, closed } = await exchangeRaw(gateway.url, [
        `GET /healthz HTTP/1.1\r\nhost: ${host}\r\n${headers}\r\n`,
      ])
      expect(answers.map(({ status }) => status)).toEqual([431])
      expect(closed).toBe(true)
    }
  })

  test('a URL of 20 kB is refused', async () => {
    const { answers } = await exchangeRaw(gateway.url, [
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: ${host}\r\n\r\n`,
    ])
    expect(answers.map(({ status }) => status)).toEqual([431])
  })

  test('a body is refused by what it says of its length, and by what it turns out to be', async () => {
    const head = `POST /v1/decisions HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${gateway.authorization}\r\ncontent-type: application/json\r\n`
    const told = await exchangeRaw(gateway.url, [`${head}content-length: 10000000000\r\n\r\n`])
    expect(told.answers.map(({ status }) => status)).toEqual([413])
    const chunk = `${(16_384).toString(16)}\r\n${'a'.repeat(16_384)}\r\n`
    const untold = await exchangeRaw(gateway.url, [
      `${head}transfer-encoding: chunked\r\n\r\n`,
      ...Array.from({ length: 8 }, () => chunk),
    ])
    expect(untold.answers.map(({ status }) => status)).toEqual([413])
  })

  test('compressed bodies are not unpacked: nothing can be hidden in them', async () => {
    const answer = await gateway.call('POST', '/v1/decisions', Buffer.from([0x1f, 0x8b, 8, 0]), {
      'content-encoding': 'gzip',
    })
    expect(answer.status).toBe(400)
  })

  test('a list longer than it may be is refused before each of its faults is noted', async () => {
    const outcomes = Array.from({ length: 340_000 }, () => ({}))
    const answer = await gateway.call('POST', '/v1/outcomes', { outcomes })
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toEqual([
      { path: '/outcomes', message: 'must NOT have more than 1000 items' },
    ])
  })

  test('nesting as deep as a body can hold is an answer, and no stack', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const depth = Math.floor(60_000 / (open.length + close.length))
      const body = `${open.repeat(depth)}1${close.repeat(depth)}`
      expect((await gateway.call('POST', '/v1/decisions', body)).status).toBe(400)
    }
    expect((await gateway.call('GET', '/healthz')).status).toBe(200)
  })
})

describe('connections', () => {
  test('beyond the bound are dropped unread, counted and logged; one that ends makes room', async () => {
    const bounded = await startHarness({ server: { maxConnections: 2 } })
    try {
      const { hostname, port } = new URL(bounded.url)
      const request = `GET /healthz HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`
      const held = [connect(Number(port), hostname), connect(Number(port), hostname)]
      // what is answered was let in
      for (const socket of held) {
        socket.write(request)
        await once(socket, 'data')
      }
      for (let again = 0; again < 3; again++) {
        const beyond = connect(Number(port), hostname)
        beyond.on('error', () => undefined)
        expect(await closedWithoutAnswer(beyond)).toBe(true)
      }
      expect(bounded.log().match(/server\.maxConnections/g)).toHaveLength(1)

      held[0]?.destroy()
      const { server } = bounded.app
      const open = () => new Promise((resolve) => server.getConnections((_, n) => resolve(n)))
      await expect.poll(open).toBe(1)
      const metrics = await (await fetch(`${bounded.url}/metrics`)).text()
      expect(metrics).toContain('tollgate_connections_dropped_total 3\n')
      held[1]?.destroy()
    } finally {
      await bounded.close()
    }
  })

  function closedWithoutAnswer(socket: Socket): Promise<boolean> {
    let answered = false
    socket.on('data', () => {
      answered = true
    })
    return new Promise((resolve) => socket.once('close', () => resolve(!answered)))
  }
})

describe('slow loris', () => {
  /** Sends a byte at a time for as long as the server does not hang up. @returns the answer */
  function trickle(first: string, then: string): Promise<string> {
    const { hostname, port } = new URL(gateway.url)
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname)
      let text = ''
      socket.write(first)
      const timer = setInterval(() => socket.write(then), 50)
      const limit = setTimeout(() => {
        reject(new Error('the server never hung up'))
        socket.destroy()
      }, 30_000)
      socket.on('data', (chunk) => {
        text += String(chunk)
      })
      socket.on('error', () => undefined)
      socket.on('close', () => {
        clearInterval(timer)
        clearTimeout(limit)
        resolve(text)
      })
    })
  }

  test('whoever takes too long for head or body is answered and hung up on, and holds up nobody', async () => {
    const key = `authorization: ${gateway.authorization}\r\ncontent-type: application/json\r\n`
    const slow = [
      trickle(`GET /healthz HTTP/1.1\r\nhost: ${host}\r\nx-a: `, 'a'),
      trickle(
        `POST /v1/decisions HTTP/1.1\r\nhost: ${host}\r\n${key}content-length: 60000\r\n\r\n`,
        ' ',
      ),
    ]
    expect((await gateway.call('GET', '/healthz')).status).toBe(200)
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  })
})
