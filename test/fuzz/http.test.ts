import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { routesUnder } from '../security/console-route-table.js'
import { budget } from './budget.js'
import { POLICY } from './odd.js'
import { casesOf, soundCasesOf } from './requests.js'
import { nameOf, type Route } from './routes.js'
import { openStage } from './stage.js'
import { createTrier } from './try.js'

const stage = await openStage()
afterAll(() => stage.close())
const { gateway } = stage
/** What may end the key that everything is tried with comes last. */
const routes = stage.routes.toSorted((a, b) => Number(endsKeys(a)) - Number(endsKeys(b)))
function endsKeys({ method, path }: Route): boolean {
  return method === 'DELETE' && path.endsWith('/keys/:id')
}

/** What only a person with a passkey, a provider or a browser can do to the end; each is refused in every other way. */
const NEVER_SUCCEEDS: Record<string, string> = {
  'POST /v1/console/sign-in': 'takes the signature of a passkey',
  'POST /v1/console/sign-in/recovery': 'takes a recovery code',
  'POST /v1/console/link/redeem': 'takes the attestation of a passkey',
  'POST /v1/console/me/passkeys': 'takes the attestation of a passkey',
  'PATCH /v1/console/me/passkeys/:id': 'users of the stage have no passkey',
  'DELETE /v1/console/me/passkeys/:id': 'users of the stage have no passkey',
  'GET /v1/console/oidc/start': 'no provider is configured',
  'GET /v1/console/oidc/callback': 'no provider is configured',
  'DELETE /v1/console/users/:id/sessions/:session': 'takes a session of that very user',
  'POST /v1/verifications/:id/challenge': 'takes proof of work for its own number',
  'GET /assets/*': 'names of files have hashes in them',
  'HEAD /assets/*': 'names of files have hashes in them',
  'GET /*': 'pages are for browsers that say so',
}
const { tried, succeeded, keyInForce } = createTrier(stage)

/** Tries to come through to the end of a route that chance has not come through yet. */
const SOUND_TRIES = 150
const runsOf = (route: Route): number => (route.path.startsWith('/v1/console') ? 10 : 20)

describe('whatever is asked', () => {
  test.each(routes.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
    const options = { ...budget(runsOf(route)), includeErrorInReport: true }
    await fc.assert(
      fc.asyncProperty(casesOf(route), (one) => tried(route, one)),
      options,
    )
    await stage.settle()
    if (!succeeded.has(nameOf(route))) await stage.begin(await keyInForce())
    for (const one of fc.sample(soundCasesOf(route), { ...budget(1), numRuns: SOUND_TRIES })) {
      if (succeeded.has(nameOf(route)) || nameOf(route) in NEVER_SUCCEEDS) break
      await tried(route, one)
    }
  })
})

describe('afterwards', () => {
  test('every route of the server was tried', () => {
    const table = routesUnder(gateway.app, '/').map(nameOf)
    // the router shows two names of one parameter as one, and wildcards without their slash
    const shown = (name: string) => name.replace(/:Sid(?=\/|$)/, ':Sid|:ServiceSid')
    const fuzzed = new Set(
      routes
        .map(nameOf)
        .flatMap((name) => [name, shown(name), name.replace(':ServiceSid', ':Sid|:ServiceSid')])
        .map((name) => name.replace(/\/\*$/, '*')),
    )
    expect(table.length).toBeGreaterThan(140)
    expect(
      table.map((name) => name.replace(/\/\*$/, '*')).filter((name) => !fuzzed.has(name)),
    ).toEqual([])
  })

  test('every route was come through to the end of, but those that cannot be', () => {
    const never = routes.filter((route) => !succeeded.has(nameOf(route)))
    expect(never.map(nameOf).filter((name) => !(name in NEVER_SUCCEEDS))).toEqual([])
  })

  test('every message that went out is in the ledger, once', async () => {
    const { ledger } = gateway.parts
    const verifications = new Set<string>()
    let before: number | undefined
    for (;;) {
      const rows = await ledger.requests({ limit: 1_000, ...(before !== undefined && { before }) })
      for (const { verificationId } of rows)
        if (verificationId !== null) verifications.add(verificationId)
      before = rows.at(-1)?.seq
      if (rows.length < 1_000) break
    }
    let sends = 0
    for (const id of verifications) sends += (await ledger.sends(id)).length
    expect(sends).toBe(gateway.endpoint.requests.length)
  })

  test('a person is served as before', async () => {
    const key = await gateway.keyWith('*')
    const call = (method: string, path: string, body?: object) =>
      gateway.call(method, path, body, { authorization: key })
    // what administrators did stands, so an administrator takes it back
    const { body: policy } = await call('GET', '/v1/console/policy')
    const back = { text: POLICY, base: policy.version, note: 'back', confirmation: 'x' }
    await call('POST', '/v1/console/policy/publish', back)
    for (const { list, entry, source } of (await call('GET', '/v1/console/lists')).body.entries)
      if (source !== 'policy')
        await call('POST', `/v1/console/lists/${list}/remove`, { entries: [entry] })
    for (const { id } of (await call('GET', '/v1/console/playbook')).body.inForce)
      await call('DELETE', `/v1/console/playbook/${id}`)

    const messages = gateway.endpoint.requests.length
    const asked = { service: 'probe', to: '+2349061234567', context: { ip: '197.210.70.7' } }
    const started = await call('POST', '/v1/verifications', asked)
    expect(started.body).toMatchObject({
      status: 'sent',
      decision: { verdict: 'allow', priceMicroUsd: stage.price },
    })
    expect(gateway.endpoint.requests).toHaveLength(messages + 1)
    const path = `/v1/verifications/${started.body.id}/check`
    expect((await call('POST', path, { code: gateway.code() })).body.verified).toBe(true)
  })
})
