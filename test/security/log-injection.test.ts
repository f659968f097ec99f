import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Harness, startHarness } from '../e2e/harness.js'

let gateway: Harness
beforeAll(async () => {
  gateway = await startHarness()
})
afterAll(() => gateway?.close())

/** What would end a line, colour a terminal, ring its bell, or turn text round. */
const EVIL =
  '\n{"level":30,"msg":"forged"}\r\n\u001b[2J\u001b]0;title\u0007\u202egnirts\u0000\u0085\u2028'

test('nothing a stranger writes ends a line of the log, or reaches a terminal as a command', async () => {
  const before = gateway.log().length
  const text = `signup${EVIL}`
  const header = encodeURIComponent(EVIL)
  await gateway.call('POST', '/v1/verifications', { service: text, to: `+234803${EVIL}` })
  await gateway.call('POST', '/v1/decisions', {
    service: 'signup',
    to: '+2348031234567',
    context: { deviceId: `d${EVIL}`, userAgent: EVIL, sessionId: EVIL, accountId: EVIL },
  })
  await gateway.call('GET', `/v1/verifications/${encodeURIComponent(EVIL)}`)
  await gateway.call('GET', `/${encodeURIComponent(EVIL)}`)
  await gateway.call('POST', `/v1/hooks/${encodeURIComponent(EVIL)}/receipts`, EVIL)
  await gateway.call('POST', '/v1/admin/keys', { name: EVIL, scopes: ['verify'] })
  await gateway.call('GET', '/healthz', undefined, { 'user-agent': header, referer: header })
  await gateway.call('POST', '/v1/decisions', EVIL)
  await gateway.call('POST', '/v1/decisions', {}, { authorization: `Basic ${header}` })

  const log = gateway.log().slice(before)
  const lines = log.split('\n').filter((line) => line !== '')
  expect(lines.length).toBeGreaterThanOrEqual(9)
  for (const line of lines) {
    const entry = JSON.parse(line) as { msg: string }
    expect(entry.msg).not.toBe('forged')
    // as JSON text escapes them: nothing that a terminal or a viewer of logs would act on
    expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
  }
})
