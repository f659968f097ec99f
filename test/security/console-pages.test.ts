import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../fuzz/ask.js'
import { type ConsoleStage, openConsole } from './console-stage.js'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsole()
})
afterAll(() => stage?.close())

/** As a browser asks for a page. */
const open = (target: string, { url } = stage) => {
  const headers = { accept: 'text/html,*/*;q=0.8', host: 'gate.example' }
  return ask(url, { method: 'GET', target, headers, body: null })
}

const PAGES = [
  '/',
  '/incidents',
  '/incidents/inc_1',
  '/settings/users',
  '/sign-in',
  '/sign-in/setup',
]

describe('pages', () => {
  test.each(PAGES)(
    '%s runs our own scripts only, in no frame, and tells nobody where it was',
    async (path) => {
      const { headers } = await open(path)
      expect(headers['content-type']).toMatch(/^text\/html/)
      const policy = new Map(
        String(headers['content-security-policy'])
          .split('; ')
          .map((directive) => {
            const [name = '', ...values] = directive.split(' ')
            return [name, values.join(' ')]
          }),
      )
      expect(policy.get('default-src')).toBe("'none'")
      expect(policy.get('script-src')).toBe("'self'")
      expect(policy.get('connect-src')).toBe("'self'")
      expect(policy.get('frame-ancestors')).toBe("'none'")
      expect(policy.get('base-uri')).toBe("'none'")
      expect(policy.get('form-action')).toBe("'self'")
      expect([...policy.values()].join()).not.toMatch(/unsafe|https?:|\*/)
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': expect.stringContaining('no-store'),
      })
      expect(headers['access-control-allow-origin']).toBeUndefined()
      expect(headers['set-cookie']).toBeUndefined()
      // a nonce that was seen is of no use
      const again = (await open(path)).headers['content-security-policy']
      expect(again).not.toBe(headers['content-security-policy'])
    },
  )

  test('ask for TLS where people come by TLS, and only there', async () => {
    expect((await open('/')).headers['strict-transport-security']).toBeUndefined()
    const secure = await openConsole({ publicUrl: 'https://gate.example' })
    const { headers } = await open('/', secure)
    await secure.close()
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}/)
  })

  test.each([
    '//evil.example',
    '//evil.example/%2e%2e',
    '/\\evil.example',
    '/%2f%2fevil.example',
    '/sign-in?to=//evil.example',
  ])('an address like %s leads nowhere else', async (path) => {
    const { headers, status } = await open(path)
    expect(headers.location).toBeUndefined()
    expect(status).not.toBe(302)
  })

  test('a path of an API is answered as one, whatever a browser says it takes', async () => {
    for (const path of ['/v1/console/nothing', '/v1/nothing', '/v2/nothing']) {
      const { headers, status } = await open(path)
      expect(status, path).toBeGreaterThanOrEqual(400)
      expect(String(headers['content-type']), path).toMatch(/json/)
    }
  })

  test('files outside the console are out of reach', async () => {
    for (const path of [
      '/assets/../../package.json',
      '/assets/..%2f..%2fpackage.json',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/assets/..\\..\\package.json',
    ]) {
      const { text } = await open(path)
      expect(text, path).not.toContain('"dependencies"')
    }
  })
})
