import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Endpoint,
  type EndpointAnswer,
  startEndpoint,
} from '../../test/fakes/http-endpoint.js'
import { consoleProvider } from './console.js'
import { httpProvider } from './http.js'
import type { OutgoingMessage, Provider } from './port.js'
import { createSender } from './sender.js'

const message: OutgoingMessage = {
  idempotencyKey: 'k1',
  to: '+2348031234567',
  body: 'Your code is 482913',
  channel: 'sms',
}

let first: Endpoint
let second: Endpoint
beforeAll(async () => {
  ;[first, second] = await Promise.all([startEndpoint(), startEndpoint()])
})
beforeEach(() => {
  first.answers({ status: 200, body: { id: 'from-first' } })
  second.answers({ status: 200, body: { id: 'from-second' } })
})
afterAll(() => Promise.all([first.close(), second.close()]))

const silent: EndpointAnswer = () => undefined
const reset: EndpointAnswer = (_, request) => void request.socket.destroy()
const allowPrivate = true
const both = (timeoutMs = 5_000): Provider[] => [
  httpProvider({ name: 'first', url: first.url, allowPrivate, timeoutMs }),
  httpProvider({ name: 'second', url: second.url, allowPrivate }),
]
const counted = async <T>(work: () => Promise<T>) => {
  const [a, b] = [first.requests.length, second.requests.length]
  const result = await work()
  return { result, asked: [first.requests.length - a, second.requests.length - b] }
}

describe('failover', () => {
  it('asks the first alone while it works', async () => {
    const sender = createSender({ providers: both() })
    const { result, asked } = await counted(() => sender.send(message))
    expect(result).toEqual({
      ok: true,
      providerId: 'from-first',
      priceMicroUsd: null,
      provider: 'first',
      attempts: 1,
    })
    expect(asked).toEqual([1, 0])
  })

  it.each([301, 400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 451, 499])(
    'never passes a refusal on: HTTP %i',
    async (status) => {
      first.answers({ status })
      const sender = createSender({ providers: both() })
      const { result, asked } = await counted(() => sender.send(message))
      expect(result).toMatchObject({ ok: false, provider: 'first', attempts: 1 })
      expect(asked).toEqual([1, 0])
    },
  )

  it.each([
    ['500', { status: 500 }, []],
    ['503', { status: 503 }, []],
    ['504', { status: 504 }, ['first']],
    ['a reset', reset, ['first']],
    ['a time limit', silent, ['first']],
  ] as [string, EndpointAnswer, string[]][])('goes on after %s', async (_, answer, maybe) => {
    first.answers(answer)
    const providers = both(answer === silent ? 50 : 5_000)
    const sender = createSender({ providers, unknown: 'next' })
    const { result, asked } = await counted(() => sender.send(message))
    expect(result).toEqual({
      ok: true,
      providerId: 'from-second',
      priceMicroUsd: null,
      provider: 'second',
      attempts: 2,
      ...(maybe.length > 0 ? { maybeSentBy: maybe } : {}),
    })
    expect(asked).toEqual([1, 1])
    expect(second.last().headers['idempotency-key']).toBe('k1')
  })

  it.each([
    ['502', { status: 502 }],
    ['504', { status: 504 }],
    ['a reset', reset],
    ['a time limit', silent],
  ] as [string, EndpointAnswer][])(
    'sends no second message after %s: the first may be out',
    async (_, answer) => {
      first.answers(answer)
      const sender = createSender({ providers: both(answer === silent ? 50 : 5_000) })
      const { result, asked } = await counted(() => sender.send(message))
      expect(result).toMatchObject({
        ok: false,
        provider: 'first',
        attempts: 1,
        mayHaveBeenSent: true,
      })
      expect(asked).toEqual([1, 0])
    },
  )

  it('leaves a provider that does not answer to itself, and goes on with the next from then on', async () => {
    first.answers(silent)
    const sender = createSender({ providers: both(50), breaker: { minimum: 3 } })
    const { asked } = await counted(async () => {
      for (let k = 0; k < 8; k++) await sender.send(message)
    })
    // three people are in the dark; nobody got two messages
    expect(asked).toEqual([3, 5])
    expect(sender.health()[0]).toEqual({ provider: 'first', state: 'open' })
  })

  it('goes on after a refused connection, which sent nothing', async () => {
    const gone = await startEndpoint()
    await gone.close()
    const providers = [httpProvider({ name: 'gone', url: gone.url, allowPrivate }), ...both()]
    const result = await createSender({ providers }).send(message)
    expect(result).toMatchObject({ ok: true, provider: 'first', attempts: 2 })
    expect(result).not.toHaveProperty('maybeSentBy')
  })

  it('keeps in mind that an earlier provider may have sent, whatever the last one says', async () => {
    first.answers(silent)
    second.answers({ status: 400 })
    const sender = createSender({ providers: both(50), unknown: 'next' })
    expect(await sender.send(message)).toMatchObject({
      ok: false,
      error: 'rejected',
      provider: 'second',
      attempts: 2,
      mayHaveBeenSent: true,
      maybeSentBy: ['first'],
    })
  })

  it('says so when all fail', async () => {
    first.answers({ status: 500 })
    second.answers({ status: 503 })
    expect(await createSender({ providers: both() }).send(message)).toEqual({
      ok: false,
      error: 'unavailable',
      detail: 'HTTP 503',
      retryElsewhere: true,
      mayHaveBeenSent: false,
      provider: 'second',
      attempts: 2,
    })
  })

  it('asks nobody after its total time, by the given clock', async () => {
    let time = 0
    first.answers((response) => {
      time = 10_000
      response.writeHead(500).end()
    })
    const sender = createSender({ providers: both(), clock: () => time })
    const { result, asked } = await counted(() => sender.send(message))
    expect(result).toMatchObject({ ok: false, provider: 'first', attempts: 1 })
    expect(asked).toEqual([1, 0])
  })

  it('cuts the provider it asks last short', async () => {
    first.answers(silent)
    const providers = [
      httpProvider({ name: 'slow', url: first.url, allowPrivate, timeoutMs: 60_000 }),
    ]
    const result = await createSender({ providers, totalMs: 50 }).send(message)
    expect(result).toMatchObject({ ok: false, error: 'unavailable', mayHaveBeenSent: true })
  })

  it('gives each provider its own address for receipts', async () => {
    first.answers({ status: 500 })
    const url = (endpoint: Endpoint) => `${endpoint.url}/?cb={receiptUrl}`
    const providers = [
      httpProvider({ name: 'first', url: url(first), allowPrivate }),
      httpProvider({ name: 'second', url: url(second), allowPrivate }),
    ]
    const receiptUrl = (provider: string) => `https://gate.example/v1/hooks/${provider}/receipts`
    await createSender({ providers, receiptUrl }).send(message)
    const seen = [first, second].map((e) => new URL(e.last().url, e.url).searchParams.get('cb'))
    expect(seen).toEqual(['first', 'second'].map(receiptUrl))
  })
})

describe('the circuit breaker', () => {
  const breaker = { size: 4, minimum: 4, openMs: 5_000, maxOpenMs: 20_000 }

  async function opened(time: { now: number }) {
    const sender = createSender({ providers: both(), breaker, clock: () => time.now })
    first.answers({ status: 500 })
    for (let i = 0; i < 4; i++) await sender.send(message)
    return sender
  }
  const states = (sender: { health(): { state: string }[] }) =>
    sender.health().map(({ state }) => state)

  it('opens, sends one probe when the time has come, closes on its success', async () => {
    const time = { now: 0 }
    const sender = await opened(time)
    expect(sender.health()).toEqual([
      { provider: 'first', state: 'open' },
      { provider: 'second', state: 'closed' },
    ])
    first.answers({ status: 200, body: { id: 'back' } })

    time.now = 4_999
    const early = await counted(() => sender.send(message))
    expect(early.asked).toEqual([0, 1])
    expect(early.result).toMatchObject({ ok: true, provider: 'second', attempts: 1 })

    time.now = 5_000
    expect(states(sender)).toEqual(['half_open', 'closed'])
    const crowd = await counted(() => Promise.all([1, 2, 3].map(() => sender.send(message))))
    expect(crowd.asked).toEqual([1, 2])
    expect(crowd.result.every(({ ok }) => ok)).toBe(true)
    expect(states(sender)).toEqual(['closed', 'closed'])
    expect((await counted(() => sender.send(message))).asked).toEqual([1, 0])
  })

  it('waits twice as long after each failed probe, up to its maximum', async () => {
    const time = { now: 0 }
    const sender = await opened(time)
    for (const waitMs of [5_000, 10_000, 20_000, 20_000]) {
      time.now += waitMs - 1
      expect((await counted(() => sender.send(message))).asked).toEqual([0, 1])
      time.now += 1
      expect((await counted(() => sender.send(message))).asked).toEqual([1, 1])
      expect(states(sender)).toEqual(['open', 'closed'])
    }
  })

  it('counts refusals as signs of life', async () => {
    const sender = createSender({ providers: both(), breaker })
    first.answers({ status: 429 })
    for (let i = 0; i < 12; i++) await sender.send(message)
    expect(states(sender)).toEqual(['closed', 'closed'])
  })

  it('says that nothing was sent when every circuit is open', async () => {
    const time = { now: 0 }
    second.answers({ status: 500 })
    const sender = await opened(time)
    const { result, asked } = await counted(() => sender.send(message))
    expect(asked).toEqual([0, 0])
    expect(result).toMatchObject({
      ok: false,
      error: 'unavailable',
      detail: 'circuit open',
      attempts: 0,
      mayHaveBeenSent: false,
    })
  })
})

describe('a sender', () => {
  it('hands no more to a provider at one time than it was told', async () => {
    const answers: (() => void)[] = []
    first.answers((response) => {
      answers.push(() => response.end('{}'))
      if (answers.length === 2) for (const answer of answers) answer()
    })
    const sender = createSender({ providers: both(), maxConcurrent: 2 })
    const { result, asked } = await counted(() =>
      Promise.all([1, 2, 3].map(() => sender.send(message))),
    )
    expect(asked).toEqual([2, 1])
    expect(result.map(({ provider }) => provider)).toEqual(['first', 'first', 'second'])
  })

  it('lets as many wait for it as it was told, in their order and within their time', async () => {
    const answers: (() => void)[] = []
    first.answers((response) => void answers.push(() => response.end('{"id":"m"}')))
    const [slow] = both(300) as [Provider]
    const limits = { maxConcurrent: 1, queue: 2 }
    const sender = createSender({ providers: [{ ...slow, limits }] })
    const { result, asked } = await counted(async () => {
      const sending = [1, 2, 3, 4].map(() => sender.send(message))
      // the fourth is told at once
      expect(await sending[3]).toMatchObject({ ok: false, attempts: 0, mayHaveBeenSent: false })
      while (answers.length < 1) await new Promise((resolve) => setTimeout(resolve, 2))
      answers[0]?.()
      // the second is never answered, and the third waits for it in vain
      return Promise.all(sending)
    })
    expect(result[0]).toMatchObject({ ok: true })
    expect(result[1]).toMatchObject({ ok: false, attempts: 1, mayHaveBeenSent: true })
    expect(result[2]).toMatchObject({ ok: false, attempts: 0, mayHaveBeenSent: false })
    // whoever missed his turn is not sent to afterwards
    answers[1]?.()
    expect(asked[0]).toBe(2)
    first.answers({ status: 200, body: { id: 'again' } })
    const after = await counted(() => sender.send(message))
    expect(after.asked).toEqual([1, 0])
  })

  it('survives a provider that throws, and one that never returns', async () => {
    const broken: Provider = {
      name: 'broken',
      send: async () => {
        throw new TypeError(`no route to ${message.to}`)
      },
      receipts: () => null,
    }
    const thrown = await createSender({ providers: [broken, ...both()] }).send(message)
    expect(thrown).toMatchObject({
      ok: false,
      error: 'unknown',
      detail: 'provider failed: TypeError',
      provider: 'broken',
      mayHaveBeenSent: true,
    })

    const deaf: Provider = {
      ...broken,
      name: 'deaf',
      timeoutMs: 10,
      send: () => new Promise(() => undefined),
    }
    const providers = [deaf, ...both()]
    const left = await createSender({ providers, unknown: 'next' }).send(message)
    expect(left).toMatchObject({ ok: true, provider: 'first', maybeSentBy: ['deaf'] })
  })

  it('finds the provider of a receipt', () => {
    const sender = createSender({ providers: both() })
    const request = { url: 'https://gate.example/', headers: {}, body: '{}' }
    expect(sender.receipts('first', request)).toBe('bad_signature')
    expect(sender.receipts('third', request)).toBe('unknown_provider')
    expect(sender.receipts('__proto__', request)).toBe('unknown_provider')
  })

  it('needs providers, of different names', () => {
    expect(() => createSender({ providers: [] })).toThrow(/no provider/)
    const twice = [consoleProvider(), consoleProvider()]
    expect(() => createSender({ providers: twice })).toThrow(/one name/)
  })

  it('prints in development, on one line, saying so', async () => {
    const lines: string[] = []
    const sender = createSender({ providers: [consoleProvider({ write: (l) => lines.push(l) })] })
    const body = 'code 123456\r\n\u001b[2Jgone'
    expect(await sender.send({ ...message, body })).toMatchObject({
      ok: true,
      providerId: 'console-k1',
    })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^\[development sender .*\] SMS to \+2348031234567: code 123456/)
    expect(lines[0]).not.toMatch(/\p{Cc}/u)
    expect(sender.receipts('console', { url: '', headers: {}, body: '' })).toBe('bad_signature')
  })
})
