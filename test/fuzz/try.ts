import { expect } from 'vitest'
import type { Role } from '../../src/desk/access/user.js'
import { SECOND } from '../../src/engine/units.js'
import { signWebhook, webhookKey } from '../../src/send/webhook-signature.js'
import { RECEIPT_SECRET } from '../e2e/harness.js'
import { ask } from './ask.js'
import { COSTS_NOTHING, judge } from './judge.js'
import { type Case, questionOf } from './requests.js'
import { nameOf, type Route } from './routes.js'
import type { Stage } from './stage.js'

/** Asks cases of a stage and holds every answer against what must hold of it. */
export function createTrier(stage: Stage) {
  const { gateway } = stage
  // browsers give passkeys to names, and to no bare address
  const site = `localhost:${new URL(gateway.url).port}`
  const cookies = new Map<Role, string>()
  let authorization: string | null = null
  let asked = 0
  /** Routes that a case has come through to the end of. */
  const succeeded = new Set<string>()

  async function keyInForce(): Promise<string> {
    authorization ??= await gateway.keyWith('*')
    return authorization
  }

  async function headersOf({ asker, headers }: Case): Promise<Record<string, string>> {
    // each from an address of its own: who is refused often must wait, and that is tried elsewhere
    asked += 1
    const from = `100.${asked & 127}.${(asked >> 7) & 255}.1`
    const page = {
      ...{ host: site, origin: `http://${site}` },
      ...{ 'x-tollgate-console': '1', 'x-forwarded-for': from },
    }
    if (asker === 'nobody') return { ...page, ...headers }
    if (asker === 'key') {
      return { ...page, authorization: await keyInForce(), ...headers }
    }
    const cookie = cookies.get(asker) ?? (await stage.cookieOf(asker))
    cookies.set(asker, cookie)
    return { cookie, ...page, ...headers }
  }

  /** As the provider would sign it. */
  function signatureOf(body: Buffer): Record<string, string> {
    const at = Math.floor(gateway.now() / SECOND)
    const signature = signWebhook(webhookKey(RECEIPT_SECRET), 'w1', at, String(body))
    return { 'webhook-id': 'w1', 'webhook-timestamp': String(at), 'webhook-signature': signature }
  }

  const lastFault = (): string | undefined =>
    gateway
      .log()
      .split('\n')
      .findLast((line) => line.includes('"err"'))

  async function tried(route: Route, one: Case): Promise<void> {
    const { asker, body, method } = one
    const signed = route.path.startsWith('/v1/hooks/') && asker !== 'nobody' && body !== null
    const headers = { ...(await headersOf(one)), ...(signed && signatureOf(body)) }
    const question = questionOf(route, { ...one, headers }, stage.nameAt)
    const before = { messages: gateway.endpoint.requests.length, lines: stage.lines() }
    const said = await ask(gateway.url, question)
    const { status } = said
    judge(route.path, said, lastFault)
    if (COSTS_NOTHING.has(status)) {
      expect(gateway.endpoint.requests).toHaveLength(before.messages)
      expect(stage.lines()).toBe(before.lines)
    }
    if (status < 400 && method === null) {
      succeeded.add(nameOf(route))
      if (said.headers['content-type']?.includes('json') && said.text !== '')
        stage.learn(route.path, JSON.parse(said.text))
    }
    // what was tried may have ended the key or the session that tries
    if (status === 401 && asker === 'key') authorization = null
    else if (status === 401 && asker !== 'key' && asker !== 'nobody') cookies.delete(asker)
    gateway.advance(SECOND / 10)
  }

  return { tried, succeeded, keyInForce }
}
