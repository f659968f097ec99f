import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type JWKS, Provider } from 'oidc-provider'

export interface Person {
  email?: string
  emailVerified?: boolean
  groups?: string[]
}

function signedByAnother(token: string): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const said = token.slice(0, token.lastIndexOf('.'))
  return `${said}.${createSign('sha256').update(said).sign(privateKey, 'base64url')}`
}

/** An OpenID Connect provider on this machine, where whoever is named signs in at once. */
export async function startIdentityProvider(people: Record<string, Person>, redirectUri: string) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clientSecret = randomBytes(32).toString('base64url')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  let who = ''
  let forged = false
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'tollgate',
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] } as JWKS,
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      Grant: 60,
      IdToken: 60,
      Interaction: 60,
      Session: 60,
    },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['groups'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    async findAccount(_ctx, sub) {
      const person = people[sub] ?? {}
      return {
        accountId: sub,
        claims: async () => ({
          sub,
          ...(person.email !== undefined && {
            email: person.email,
            email_verified: person.emailVerified ?? true,
          }),
          ...(person.groups !== undefined && { groups: person.groups }),
        }),
      }
    },
  })
  provider.use(async (ctx, next) => {
    await next()
    if (forged && ctx.path === '/token') ctx.body.id_token = signedByAnother(ctx.body.id_token)
  })
  const answer = provider.callback()
  server.on('request', async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
    const details = await provider.interactionDetails(request, response)
    if (who === '') {
      const refused = { error: 'access_denied', error_description: 'not today' }
      return void provider.interactionFinished(request, response, refused)
    }
    if (details.prompt.name === 'login')
      return void provider.interactionFinished(request, response, { login: { accountId: who } })
    const grant = new provider.Grant({ accountId: who, clientId: 'tollgate' })
    grant.addOIDCScope('openid email profile')
    const consent = { grantId: await grant.save() }
    await provider.interactionFinished(
      request,
      response,
      { consent },
      {
        mergeWithLastSubmission: true,
      },
    )
  })

  return {
    issuer,
    clientSecret,
    /** who signs in next; '' refuses */
    next(person: string): void {
      who = person
    },
    /** ID tokens say what they said, signed with a key that is not the provider's */
    forge(): void {
      forged = true
    },
    /** Follows the provider's redirects as a browser does. @returns where it sends the browser back to */
    async follow(url: string): Promise<string> {
      const jar = new Map<string, string>()
      let at = url
      for (let step = 0; step < 10; step++) {
        const { headers, status } = await fetch(at, {
          redirect: 'manual',
          headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
        })
        for (const line of headers.getSetCookie()) {
          const [pair = ''] = line.split(';')
          const equals = pair.indexOf('=')
          jar.set(pair.slice(0, equals), pair.slice(equals + 1))
        }
        const location = headers.get('location')
        if (location === null) throw new Error(`the provider answered ${status} without a redirect`)
        at = new URL(location, at).href
        if (!at.startsWith(issuer)) return at
      }
      throw new Error('the provider redirects for ever')
    },
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export type IdentityProvider = Awaited<ReturnType<typeof startIdentityProvider>>
