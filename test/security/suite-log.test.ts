import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { leaksIn, secretsOf } from '../suite-log/leaks.js'

const line = (fields: object): string =>
  JSON.stringify({ level: 30, time: 1_795_000_000_000, ...fields })

test('every line that a gateway logs in this run is collected, wherever it goes', () => {
  const folder = process.env.TOLLGATE_TEST_LOGS
  if (folder === undefined) throw new Error('the log of the suite is not collected')
  const marker = `collected ${process.pid}`
  pino({ level: 'debug' }, { write: () => undefined }).debug({ marker }, 'to nowhere')
  const collected = readFileSync(join(folder, `${process.pid}.log`), 'utf8')
  expect(collected).toContain(marker)
})

test.each([
  ['a whole phone number', { msg: 'cannot send to +2348031234567' }],
  ['a whole phone number', { err: { cause: { message: 'To=+447400123456 is not reachable' } } }],
  ['a whole phone number', { '+2348031234567': 1 }],
  ['a secret of a key', { secret: 'q'.repeat(43) }],
  ['a server key', { msg: `key ${'0a'.repeat(32)}` }],
  [
    'credentials',
    { headers: { authorization: `Basic ${Buffer.from('AC1:secret-secret').toString('base64')}` } },
  ],
  ['credentials', { msg: 'sent Bearer AC123:abcdefghijk' }],
  ['a webhook secret', { msg: 'whsec_abc123' }],
  ['a solved challenge', { solution: `eyJ${'ab12'.repeat(40)}` }],
  ['a code in words', { msg: 'Your code is 123456' }],
])('%s in a line is found', (what, fields) => {
  expect(leaksIn([line(fields)]).map((leak) => leak.what)).toEqual([expect.stringContaining(what)])
})

test('what a provider was asked to send is found in any string, and nowhere else', () => {
  const secrets = secretsOf(['{"to":"+2348031234567","body":"492817 is your code"}'])
  const found = (fields: object) => leaksIn([line(fields)], secrets).map(({ what }) => what)
  expect(found({ msg: 'tried 492817' })).toEqual(['what a provider was asked to send'])
  expect(found({ msg: 'tried 2348031234567' })).toEqual(['what a provider was asked to send'])
  expect(found({ ms: 492_817, reqId: 'ab492817cd', at: 'file.js:492817:1' })).toEqual([])
})

test('what a log may have is none of it', () => {
  const fine = [
    {
      msg: 'request',
      route: '/v2/PhoneNumbers/:PhoneNumber',
      number: '+23480******67',
      key: `AC${'a1'.repeat(16)}`,
    },
    { msg: 'incident opened in +234803123', verificationId: `ver_${'0a'.repeat(16)}`, status: 200 },
    { reqId: 'b1946ac9-2f', ms: 1.25, hostname: 'host-1', pid: 123_456 },
    { err: { stack: 'Error: x\n    at /work/src/a.js:123456:7' } },
  ]
  expect(leaksIn(fine.map(line))).toEqual([])
})
