import { expect, test } from 'vitest'
import { solvePow } from '../../src/challenge/solve.js'
import { LedgerError } from '../../src/ledger/port.js'
import { startHarness } from './harness.js'
import { subscriber, wrongCode } from './stage.js'
import { twilioClient } from './twilio-client.js'

const SECRET_LOOKING = 'a-guessed-secret-0123456789'

test('no number, code, secret or device is in the log, whatever happens', async () => {
  const gateway = await startHarness()
  const { client } = twilioClient(gateway.url, gateway.key)
  const ask = (n: number) => ({
    service: 'signup',
    to: subscriber(n),
    context: {
      ip: '105.112.3.4',
      deviceId: 'device-never-logged',
      userAgent: 'agent-never-logged',
    },
  })
  const post = (path: string, body?: unknown, headers?: Record<string, string>) =>
    gateway.call('POST', path, body, headers)

  const elsewhere = { ...ask(0), to: '+2348021234567' }
  const { id } = (await post('/v1/verifications', elsewhere)).body
  await post(`/v1/verifications/${id}/check`, { code: wrongCode(gateway.code()) })
  await post(`/v1/verifications/${id}/check`, { code: gateway.code() })
  await post('/v1/verifications', ask(1))
  await post('/v1/verifications', ask(2))
  const held = (await post('/v1/verifications', ask(3))).body
  const solution = await solvePow(held.challenge.payload)
  await post(`/v1/verifications/${held.id}/challenge`, { type: 'pow', solution })
  await post('/v1/verifications', `{"to":"${subscriber(4)}`)
  await post('/v1/verifications', { ...ask(5), phone: subscriber(5) })
  await post(
    '/v1/decisions',
    { service: 'signup', to: subscriber(6) },
    {
      authorization: `Bearer ${gateway.key.id}:${SECRET_LOOKING}`,
    },
  )
  await gateway.call('GET', `/v1/admin/requests?number=${encodeURIComponent(subscriber(1))}`)
  await gateway.call('GET', `/nowhere/${subscriber(1)}`)
  await client.lookups.v2.phoneNumbers(subscriber(1)).fetch({ fields: 'sms_pumping_risk' })
  await client.verify.v2.safelist.create({ phoneNumber: subscriber(7) })
  await client.verify.v2.safelist(subscriber(7)).remove()
  const made = (await post('/v1/admin/keys', { name: 'b', scopes: ['verify'] })).body
  // a fault that nobody foresaw, with the number in its message
  gateway.parts.gate.decide = async ({ to }) => {
    throw new Error(`cannot decide on ${to}`)
  }
  expect((await post('/v1/decisions', { service: 'signup', to: subscriber(8) })).status).toBe(500)
  const messages = gateway.messages()
  await gateway.close()

  const log = gateway.log()
  const lines = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.length).toBeGreaterThan(15)
  expect(lines.filter(({ route }) => route === '/v2/PhoneNumbers/:PhoneNumber')).toHaveLength(1)
  expect(lines.find(({ level }) => level === 50)).toMatchObject({
    status: 500,
    code: 'internal',
    err: { message: 'cannot decide on +23480******08' },
  })
  expect(lines.some(({ number }) => number === '+23480******03')).toBe(true)

  const numbers = Array.from({ length: 9 }, (_, n) => subscriber(n))
  for (const number of [...numbers, elsewhere.to]) {
    expect(log).not.toContain(number.slice(1))
  }
  for (const { body } of messages) {
    expect(log).not.toContain(`"${/\d{6}/.exec(body)?.[0]}"`)
    expect(log).not.toContain(body)
  }
  const secrets = [gateway.key.secret, gateway.authorization, made.secret, SECRET_LOOKING, solution]
  for (const secret of [...secrets, 'never-logged', 'authorization']) {
    expect(log).not.toContain(secret)
  }
})

test('by default only refusals and faults are logged', async () => {
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  const gateway = await startHarness({ server: { log: { stream } } })
  await gateway.call('POST', '/v1/decisions', { service: 'signup', to: subscriber(0) })
  await gateway.call('POST', '/v1/decisions', { service: 'signup', to: 'nobody' })
  await gateway.call('POST', '/v1/decisions', {})
  await gateway.close()
  const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')
  expect(requests).toMatchObject([
    { level: 30, status: 200, verdict: 'deny', reason: 'number.invalid' },
    { level: 30, status: 400, code: 'validation' },
  ])
})

test('a lost store is one sentence a request, without a stack', async () => {
  const gateway = await startHarness()
  const lost = new LedgerError('lost', `nothing listens there: ${subscriber(0)}`)
  gateway.parts.ledger.key = async () => Promise.reject(lost)
  const other = { authorization: `Bearer other:${SECRET_LOOKING}` }
  expect((await gateway.call('POST', '/v1/decisions', {}, other)).status).toBe(503)
  await gateway.close()
  const lines = gateway.log().trim().split('\n')
  const line = JSON.parse(lines.find((text) => text.includes('"status":503')) ?? '{}')
  expect(line).toMatchObject({ level: 50, code: 'ledger_unavailable', route: '/v1/decisions' })
  expect(line.detail).toBe('The ledger is lost: nothing listens there: +23480******00')
  expect(line).not.toHaveProperty('err')
})

test('a flood of strangers is counted in the log, line by line only in part; who has a key is logged always', async () => {
  const written: string[] = []
  const stream = { write: (line: string) => void written.push(line) }
  const gateway = await startHarness({ server: { log: { stream } } })
  const flood = Array.from({ length: 300 }, () =>
    fetch(`${gateway.url}/v1/verifications/x`).then((answer) => answer.text()),
  )
  await Promise.all(flood)
  for (let i = 0; i < 3; i++) await gateway.call('GET', '/v1/verifications/x')
  await gateway.close()

  const lines = written.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')
  const keyed = lines.filter(({ key }) => key !== undefined)
  expect(keyed).toHaveLength(3)
  expect(lines.length - keyed.length).toBeLessThan(300)
  const unlogged = lines.reduce((sum, line) => sum + (line.unlogged ?? 0), 0)
  expect(lines.length - keyed.length + unlogged).toBe(300)
})
