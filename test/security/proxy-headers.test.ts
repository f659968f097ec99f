import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, startHarness } from '../e2e/harness.js'
import { exchangeRaw } from './raw-socket.js'

const SOURCE = '203.0.113.9'
let plain: Harness
let behind: Harness
beforeAll(async () => {
  plain = await startHarness({ server: { failuresPerMinute: 3 } })
  behind = await startHarness({
    server: { failuresPerMinute: 3, trustedProxies: ['127.0.0.1/32', '10.0.0.0/8'] },
  })
})
afterAll(async () => {
  await plain?.close()
  await behind?.close()
})

/** Fails to authenticate until the source is held up. @returns the statuses */
async function guess(gateway: Harness, headers: (i: number) => Record<string, string>) {
  const statuses: number[] = []
  for (let i = 0; i < 6; i++) {
    const asked = { authorization: `Bearer nobody:${i}`, ...headers(i) }
    statuses.push((await gateway.call('GET', '/v1/admin/keys', undefined, asked)).status)
  }
  return statuses
}

describe('the address of a client', () => {
  test('is never what the client says: without declared proxies no header of theirs is read', async () => {
    const forged = (i: number) => ({
      'x-forwarded-for': `198.51.100.${i}`,
      forwarded: `for=198.51.100.${i}`,
      'x-real-ip': `198.51.100.${i}`,
      'cf-connecting-ip': `198.51.100.${i}`,
      'true-client-ip': `198.51.100.${i}`,
      'x-client-ip': `198.51.100.${i}`,
    })
    expect(await guess(plain, forged)).toEqual([401, 401, 401, 429, 429, 429])
  })

  test('behind declared proxies is the last that none of them is, whatever stands before it', async () => {
    const chains = (i: number) => [
      `198.51.100.${i}, ${SOURCE}`,
      `198.51.100.${i},${SOURCE} , 10.1.2.3`,
      `10.0.0.${i}, ${SOURCE}, 10.1.2.3`,
      `${Array.from({ length: 40 }, () => '198.51.100.7').join(',')}, ${SOURCE}`,
    ]
    for (const [which] of chains(0).entries()) {
      const statuses = await guess(behind, (i) => ({ 'x-forwarded-for': chains(i)[which] ?? '' }))
      // the first chain uses the bound up; all others are the same client
      expect(statuses.slice(3)).toEqual([429, 429, 429])
    }
    const other = await guess(behind, () => ({ 'x-forwarded-for': '203.0.113.10' }))
    expect(other[0]).toBe(401)
  })

  test('of another spelling is the same client: ports, IPv4 in IPv6, a whole /64', async () => {
    const spellings = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:0db8:0001:0002::']
    const statuses = await guess(behind, (i) => ({ 'x-forwarded-for': spellings[i % 3] ?? '' }))
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429])
  })
})

describe('the Host header', () => {
  test('makes no address that we send to others: receipts and links take the configured one', async () => {
    const gateway = await startHarness({ server: { publicUrl: 'https://gate.example.com' } })
    const { answers } = await exchangeRaw(gateway.url, [
      `GET /v2/Services HTTP/1.1\r\nhost: evil.example\r\nauthorization: ${gateway.authorization}\r\n\r\n`,
    ])
    expect(answers[0]?.status).toBe(200)
    expect(answers[0]?.body).not.toContain('evil.example')
    await gateway.close()
  })

  test.each([
    'evil.example/../x',
    'evil.example@127.0.0.1',
    '"><script>',
    'a b',
    '[::1',
    'x'.repeat(3_000),
  ])('%s is answered without being repeated as markup, or refused', async (host) => {
    const { answers } = await exchangeRaw(plain.url, [`GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`])
    expect([200, 400, 404, 431]).toContain(answers[0]?.status)
    expect(answers[0]?.body).not.toContain('<script>')
  })
})
