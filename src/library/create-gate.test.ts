import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { startEndpoint } from '../../test/fakes/http-endpoint.js'
import { startFakeTwilio } from '../../test/fakes/twilio-messages.js'
import * as tollgate from '../index.js'

const T0 = Date.UTC(2026, 10, 20, 12)
const made: string[] = []
const newDirectory = () => {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-library-'))
  made.push(directory)
  return directory
}
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
})

const REQUEST = { service: 'signup', to: '+2348031234567', ip: '105.112.3.4', deviceId: 'd1' }
const value = <T>(result: tollgate.Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}
const codeIn = (text = '') => /\d{6}/.exec(text)?.[0] ?? ''

/** The examples of a file's JSDoc, as modules over the sources. */
function examplesOf(file: string): string[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  return [...text.matchAll(/@example\n([\s\S]*?)\n \*\//g)].map(([, block = '']) =>
    block.replace(/^ \* ?/gm, ''),
  )
}

describe('createGate', () => {
  test.each([0, -5, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 100_000_001])(
    'a price of %s is told and decides nothing: what costs nothing would not be bounded',
    async (priceMicroUsd) => {
      const gate = await tollgate.createGate()
      for (const ask of [gate.start, gate.decide, gate.assess])
        await expect(ask({ ...REQUEST, priceMicroUsd })).rejects.toThrow(/priceMicroUsd is .*1 to/)
      expect(value(await gate.assess({ ...REQUEST, priceMicroUsd: 1 })).priceMicroUsd).toBe(1)
      await gate.close()
    },
  )

  test.each([
    [undefined, /give a request/],
    ['+2348031234567', /give a request/],
    [{}, /service is missing: give a string/],
    [{ service: 'signup' }, /to is missing/],
    [{ ...REQUEST, to: 2348031234567 }, /to is of type number: give a string/],
    [{ ...REQUEST, deviceId: null }, /deviceId is of type null: .*or leave it out/],
    [{ ...REQUEST, sessionAgeMs: '5' }, /sessionAgeMs is of type string: give a number/],
    [{ ...REQUEST, deviceid: 'd1' }, /no field deviceid; did you mean deviceId\?/],
    [{ ...REQUEST, context: { ip: '1.2.3.4' } }, /no field context; known: service, to, /],
    [{ ...REQUEST, ip: '105.112.3.4:443' }, /ip is not an IP address: .*no port/],
    [{ ...REQUEST, defaultCountry: 'UK' }, /defaultCountry is not a country: write GB/],
    [{ ...REQUEST, channel: 'call' }, /channel is not served: give sms/],
  ])('what is no request is told: %j', async (request, told) => {
    const gate = await tollgate.createGate()
    for (const ask of [gate.start, gate.decide, gate.assess])
      await expect(ask(request as typeof REQUEST)).rejects.toThrow(told)
    await gate.close()
  })

  test.each([
    [{}, /id is missing/],
    [{ id: 'dec_1', kind: 'sold' }, /no kind "sold": sent, delivered/],
    [{ id: 'dec_1', kind: 'verified', at: '2026-11-20' }, /at is no Unix time/],
  ])('what is no outcome is told beside those that are: %j', async (outcome, told) => {
    const gate = await tollgate.createGate()
    const { id } = value(await gate.decide(REQUEST))
    const given = [outcome as tollgate.OutcomeReport, { id, kind: 'verified' as const }]
    const [bad, good] = await gate.report(given)
    expect(bad).toMatchObject({ accepted: false, reason: expect.stringMatching(told) })
    expect(good).toEqual({ id, accepted: true, reason: null })
    await gate.close()
  })

  test.each(examplesOf('./create-gate.ts'))(
    'its example runs as it is written',
    async (example) => {
      const file = join(newDirectory(), 'example.mjs')
      const entry = new URL('../index.ts', import.meta.url).pathname
      writeFileSync(file, example.replace("'tollgate'", JSON.stringify(entry)))
      const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
      try {
        await import(/* @vite-ignore */ file)
        expect(log.mock.calls).toEqual([['verified']])
      } finally {
        log.mockRestore()
      }
    },
  )

  test('with nothing given prints codes and keeps nothing on disk', async () => {
    const written: string[] = []
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
      written.push(String(line))
      return true
    })
    const gate = await tollgate.createGate()
    const started = value(await gate.start(REQUEST)).verification
    write.mockRestore()
    expect(written.join('')).toContain('SMS to +2348031234567')
    expect(
      value(await gate.check(started.id, codeIn(written.at(-1)?.split(':').at(-1)))),
    ).toMatchObject({ status: 'verified' })
    expect((await gate.find('signup', '+2348031234567'))?.id).toBeUndefined()
    expect(gate.providers()).toEqual([{ provider: 'console', state: 'closed' }])
    await gate.close()
  })

  test('decides before and learns after, for a sender of your own', async () => {
    const gate = await tollgate.createGate({ clock: () => T0, upkeep: false })
    const decision = value(await gate.decide(REQUEST))
    expect(decision).toMatchObject({ verdict: 'allow', number: { country: 'NG', type: 'MOBILE' } })
    expect(await gate.report([{ id: decision.id, kind: 'verified' }])).toEqual([
      { id: decision.id, accepted: true, reason: null },
    ])
    const again = await gate.report([{ id: decision.id, kind: 'verified' }])
    expect(again[0]?.accepted).toBe(false)
    const refused = value(await gate.decide({ ...REQUEST, to: '+870 772 001 234' }))
    expect(refused.verdict).toBe('deny')
    expect(refused.reasons.map(({ code }) => code)).toContain('number.global_code')
    await gate.close()
  })

  test('with a data directory goes on after a restart where it was, and has it to itself', async () => {
    const data = newDirectory()
    const sent: string[] = []
    const options = { data, send: async ({ body }: { body: string }) => sent.push(body) }
    const gate = await tollgate.createGate(options)
    const { id } = value(await gate.start(REQUEST)).verification
    await expect(tollgate.createGate(options)).rejects.toThrow(/in use by another process/)
    await gate.close()
    expect(statSync(join(data, 'server.key')).mode & 0o777).toBe(0o600)
    expect(existsSync(join(data, 'lines.snapshot'))).toBe(true)

    const later = await tollgate.createGate(options)
    expect(value(await later.check(id, codeIn(sent[0])))).toMatchObject({ status: 'verified' })
    await later.close()
  })

  test.each([
    [{ dta: './data' }, 'createGate has no option dta; did you mean data?'],
    [{ provider: {} }, 'createGate has no option provider; known: policy, lines, data'],
    [{ policy: 5 }, 'policy: give YAML text, { file } or an object'],
    [{ policy: null }, 'policy: give YAML text'],
    [{ send: 'twilio' }, 'send: give a provider such as twilio({ ... })'],
    [{ data: 5 }, 'data: give text'],
    ['./data', 'createGate takes one object of options'],
  ])('without types: %j is told', async (options, told) => {
    await expect(tollgate.createGate(options as tollgate.CreateGateOptions)).rejects.toThrow(told)
  })

  test('a damaged server key is told with its file, and never replaced', async () => {
    const data = newDirectory()
    writeFileSync(join(data, 'server.key'), 'abc')
    await expect(tollgate.createGate({ data })).rejects.toThrow(/server\.key is damaged/)
    expect(readFileSync(join(data, 'server.key'), 'utf8')).toBe('abc')
  })

  test('numbers are hashed only under a key that lasts', async () => {
    await expect(tollgate.createGate({ numbers: 'hashed' })).rejects.toThrow(
      /outlives this process/,
    )
    await expect(
      tollgate.createGate({ numbers: 'hashed', secret: Buffer.alloc(8) }),
    ).rejects.toThrow(/at least 32/)
    const sent: string[] = []
    const gate = await tollgate.createGate({
      numbers: 'hashed',
      data: newDirectory(),
      send: async ({ body }) => sent.push(body),
    })
    const { id } = value(await gate.start(REQUEST)).verification
    expect((await gate.find('signup', '+234 803 123 4567'))?.id).toBe(id)
    value(await gate.resend(id))
    expect(value(await gate.check(id, codeIn(sent[1]))).status).toBe('verified')
    // its number goes with the end of the verification
    expect(value(await gate.get(id)).to).toBe('')
    await gate.close()
  })

  test("a function's refusal is a refusal; any other fault may have sent", async () => {
    let fault: unknown = Object.assign(new Error('no'), { status: 400, code: 21211 })
    const gate = await tollgate.createGate({
      send: async () => {
        throw fault
      },
    })
    expect(await gate.start(REQUEST)).toMatchObject({
      ok: false,
      error: { code: 'provider_refused' },
    })
    fault = new Error('socket hang up')
    expect(value(await gate.start(REQUEST)).verification.status).toBe('sent')
    await gate.close()
  })

  test('reads signed receipts of its providers', async () => {
    const fake = await startFakeTwilio()
    const url = 'https://example.test/receipts/twilio'
    const gate = await tollgate.createGate({
      receiptUrl: () => url,
      send: tollgate.twilio({
        name: 'twilio',
        accountSid: fake.accountSid,
        credentials: { authToken: fake.authToken },
        sender: { from: '+15005550006' },
        baseUrl: fake.baseUrl,
        allowPrivate: true,
      }),
    })
    const { id } = value(await gate.start(REQUEST)).verification
    const [message] = fake.messages
    const called = message?.statusCallback ?? ''
    expect(called.replace(/=msg_[0-9a-f]{32}$/, '')).toBe(`${url}?reference`)
    const receipt = fake.signReceipt(message?.sid ?? '', { status: 'delivered' }, called)
    expect(await gate.receipts('nobody', receipt)).toBe('unknown_provider')
    const forged = { ...receipt, body: receipt.body.replace('delivered', 'failed') }
    expect(await gate.receipts('twilio', forged)).toBe('bad_signature')
    expect(await gate.receipts('twilio', receipt)).toBe(1)
    const { timeline } = value(await gate.get(id))
    expect(timeline.map(({ event }) => event)).toContain('message delivered')
    await gate.close()
    await fake.close()
  })

  test('takes the policy as text, file or object, and refuses a misspelt key by its place', async () => {
    const text =
      'version: 1\nmode: enforce\nservices:\n  signup: { markets: [NG], outside: deny }\n'
    const file = join(newDirectory(), 'policy.yaml')
    writeFileSync(file, text)
    const object = {
      version: 1,
      mode: 'enforce',
      services: { signup: { markets: ['NG'], outside: 'deny' } },
    } as const
    for (const policy of [text, { file }, object]) {
      const gate = await tollgate.createGate({ policy })
      const abroad = value(await gate.decide({ ...REQUEST, to: '+447400123456' }))
      expect(abroad.reasons[0]?.code).toBe('country.denied')
      expect(value(await gate.decide(REQUEST)).verdict).toBe('allow')
      await gate.close()
    }
    const engine = { ...tollgate.DEFAULT_POLICY, fallback: null }
    const strict = await tollgate.createGate({ policy: engine })
    expect(await strict.decide(REQUEST)).toMatchObject({ error: { code: 'unknown_service' } })
    await strict.close()
    await expect(tollgate.createGate({ policy: { ...object, servces: {} } })).rejects.toThrow(
      /policy:\d+:\d+ +servces/,
    )
    await expect(tollgate.createGate({ policy: { file: `${file}.no` } })).rejects.toThrow(
      /cannot read/,
    )
  })

  test('takes several providers in order', async () => {
    const [ill, well] = [await startEndpoint(), await startEndpoint()]
    ill.answers({ status: 503 })
    const gate = await tollgate.createGate({
      send: [
        tollgate.http({ name: 'ill', url: ill.url, allowPrivate: true }),
        tollgate.http({ name: 'well', url: well.url, allowPrivate: true }),
      ],
    })
    value(await gate.start(REQUEST))
    expect([ill.requests.length, well.requests.length]).toEqual([1, 1])
    await gate.close()
    await Promise.all([ill.close(), well.close()])
  })
})

test('a service that the policy does not name is told, with the one that was meant', async () => {
  const services = { signup: {}, login: {} }
  const gate = await tollgate.createGate({ policy: { version: 1, services }, upkeep: false })
  const said = async (service: string) => {
    const answer = await gate.assess({ ...REQUEST, service })
    return answer.ok ? answer.value.verdict : answer.error.message
  }
  expect(await said('sigup')).toBe('the policy names no service "sigup"; did you mean "signup"?')
  expect(await said('x')).toBe('the policy names no service "x"; add it under services:')
  await gate.close()
})
