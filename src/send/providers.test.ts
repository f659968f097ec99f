import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Endpoint, startEndpoint } from '../../test/fakes/http-endpoint.js'
import { type FakeTwilio, startFakeTwilio } from '../../test/fakes/twilio-messages.js'
import { providersFromConfig } from './providers.js'
import { createSender } from './sender.js'

const message = {
  idempotencyKey: 'k1',
  to: '+2348031234567',
  body: 'code 482913',
  channel: 'sms',
} as const
const accountSid = `AC${'0'.repeat(31)}1`
const twilio = { name: 'primary', type: 'twilio', accountSid, authToken: 't', from: '+15005550006' }
const http = { name: 'own', type: 'http', url: 'http://127.0.0.1:9/', allowPrivate: true }

let directory: string
let endpoint: Endpoint
let fake: FakeTwilio
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-send-'))
  ;[endpoint, fake] = await Promise.all([startEndpoint(), startFakeTwilio()])
})
afterAll(async () => {
  rmSync(directory, { recursive: true })
  await Promise.all([endpoint.close(), fake.close()])
})

describe('providers from configuration', () => {
  it('send, with their secrets from the environment and from files', async () => {
    const file = join(directory, 'token')
    writeFileSync(file, `${fake.authToken}\n`)
    const lines: string[] = []
    const list = [
      { ...twilio, authToken: { file }, baseUrl: fake.baseUrl, allowPrivate: true },
      { ...http, url: endpoint.url, headers: { authorization: { env: 'OWN_KEY' }, 'x-a': 'b' } },
      { name: 'dev', type: 'console' },
    ]
    const providers = providersFromConfig(list, {
      env: { OWN_KEY: 'Bearer s3cret' },
      write: (line) => lines.push(line),
    })
    expect(providers.map(({ name }) => name)).toEqual(['primary', 'own', 'dev'])
    for (const provider of providers) {
      const result = await createSender({ providers: [provider] }).send(message)
      expect(result, provider.name).toMatchObject({ ok: true })
    }
    expect(fake.messages.at(-1)).toMatchObject({ to: message.to, from: '+15005550006' })
    expect(endpoint.last().headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-a': 'b' })
    expect(lines).toHaveLength(1)

    const url = 'https://gate.example/v1/hooks/primary/receipts'
    const receipt = fake.signReceipt('SM1', { status: 'delivered' }, url)
    expect(providers[0]?.receipts(receipt)).toHaveLength(1)
  })

  it("check Twilio's receipts by the account's token also where an API key sends", () => {
    const keyed = { ...twilio, authToken: undefined, apiKey: 'SK1', apiSecret: 's' }
    const entry = JSON.parse(JSON.stringify({ ...keyed, webhookAuthToken: fake.authToken }))
    const [provider] = providersFromConfig([entry])
    const receipt = fake.signReceipt('SM1', { status: 'delivered' }, 'https://gate.example/x')
    expect(provider?.receipts(receipt)).toHaveLength(1)
  })

  it.each([
    ['no list', {}, /^send: a list of providers is needed/],
    ['an empty list', [], /^send: a list of providers is needed/],
    ['no object', ['console'], /^send\[0\]\.type: missing is none of console, twilio, http$/],
    ['null', [null], /^send\[0\]\.type: missing/],
    ['an unknown type', [{ name: 'a', type: 'smpp' }], /^send\[0\]\.type: "smpp" is none of/],
    ['a type of prototypes', [{ name: 'a', type: 'constructor' }], /"constructor" is none of/],
    ['no name', [{ type: 'console' }], /^send\[0\]\.name: Expected required property/],
    ['a bad name', [{ name: 'A/b', type: 'console' }], /^send\[0\]\.name: .*lower-case letters/],
    ['two of one name', [http, { ...http }], /^send\[1\]\.name: own is taken/],
    [
      'a misspelt key',
      [{ ...http, uri: 'x' }],
      /^send\[0\]\.uri: unknown key\. Known keys: name, type, url,/,
    ],
    [
      'a misspelt key within',
      [{ ...http, failure: [{ status: 400, eror: 'x', error: 'absent' }] }],
      /^send\[0\]\.failure\[0\]\.eror: unknown key\. Known keys: status, pointer/,
    ],
    [
      'a class that is none',
      [{ ...http, failure: [{ status: 400, error: 'x' }] }],
      /failure\[0\]\.error: .*one of unallocated/,
    ],
    [
      'a failure without condition',
      [{ ...http, failure: [{ error: 'absent' }] }],
      /send\[0\]\.failure\[0\]: /,
    ],
    ['a pointer that is none', [{ ...http, id: 'id' }], /^send\[0\]\.id: .*JSON pointer/],
    [
      'a secret that is none',
      [{ ...http, receipts: { secret: { vault: 'x' } } }],
      /receipts\.secret: .*\{ env: NAME \}/,
    ],
    ['a bad account', [{ ...twilio, accountSid: 'AC1' }], /accountSid: .*32 hex digits/],
    ['no credentials', [{ ...twilio, authToken: undefined }], /credentials are missing/],
    ['half an API key', [{ ...twilio, apiKey: 'SK1' }], /go together/],
    ['no sender', [{ ...twilio, from: undefined }], /give one of from and messagingServiceSid/],
    ['two senders', [{ ...twilio, messagingServiceSid: `MG${'a'.repeat(32)}` }], /give one of/],
    [
      'a broken template',
      [{ ...http, url: 'http://x/{phone}' }],
      /"own": there is no placeholder \{phone\}/,
    ],
  ])('say what is wrong with %s', (_, list, why) => {
    // As from a file: a key without a value is not there.
    const read: unknown = JSON.parse(JSON.stringify(list))
    expect(() => providersFromConfig(read, { env: {} })).toThrow(why)
  })

  it('say which secret is missing, and nothing of one that is there', () => {
    const missing = [{ ...http, receipts: { secret: { env: 'HOOK' } } }]
    expect(() => providersFromConfig(missing, { env: {} })).toThrow(
      /^send\[0\]\.receipts\.secret: the environment variable HOOK is not set/,
    )
    const unread = [{ ...twilio, authToken: { file: join(directory, 'none') } }]
    expect(() => providersFromConfig(unread)).toThrow(
      /^send\[0\]\.authToken: the file .* cannot be read/,
    )
    writeFileSync(join(directory, 'empty'), ' \n')
    const empty = [{ ...twilio, authToken: { file: join(directory, 'empty') } }]
    expect(() => providersFromConfig(empty)).toThrow(/is empty/)
    const leak = [{ ...twilio, accountSid: 'AC1', authToken: 's3cret' }]
    expect(() => providersFromConfig(leak)).toThrow(/^(?!.*s3cret)/s)
  })

  it('say all that is wrong at once', () => {
    const list = [
      { ...http, uri: 'x' },
      { name: 'b', type: 'smpp' },
    ]
    expect(() => providersFromConfig(list)).toThrow(/send\[0\]\.uri.*\n.*send\[1\]\.type/)
  })
})
