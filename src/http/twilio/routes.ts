import formbody from '@fastify/formbody'
import { parseForm } from '../bodies.js'
import { Refusal } from '../refusal.js'
import type { App, Wiring } from '../wiring.js'
import { attempts } from './attempts.js'
import { checks } from './checks.js'
import { createDirectory } from './directory.js'
import { lookup } from './lookup.js'
import { safeList } from './safe-list.js'
import { services } from './services.js'
import { verifications } from './verifications.js'
import type { TwilioWiring } from './wiring.js'

/** Products of Twilio Verify that have no counterpart here; docs/twilio-migration.md says what takes their place. */
const ELSEWHERE = [
  'Services/:ServiceSid/RateLimits',
  'Services/:ServiceSid/Entities',
  'Services/:ServiceSid/Webhooks',
  'Services/:ServiceSid/MessagingConfigurations',
  'Services/:ServiceSid/AccessTokens',
  'Services/:ServiceSid/Passkeys',
  'Templates',
  'Forms',
]

/** Twilio Verify v2 and Lookup v2, for clients made for them. */
export async function twilio(app: App, wiring: Wiring): Promise<void> {
  app.removeAllContentTypeParsers()
  await app.register(formbody, { parser: parseForm })
  // no body is an empty form: the answer names the parameters that are missing
  app.addHook('preValidation', (request, _reply, done) => {
    request.body ??= {}
    done()
  })
  const all: TwilioWiring = { ...wiring, directory: createDirectory(wiring) }
  for (const routes of [services, verifications, checks, attempts, safeList, lookup]) {
    routes(app, all)
  }
  const onRequest = wiring.guard('verify')
  for (const path of ELSEWHERE) {
    for (const url of [`/v2/${path}`, `/v2/${path}/*`]) {
      app.route({
        method: ['GET', 'POST', 'DELETE'],
        url,
        onRequest,
        schema: { hide: true },
        handler: () => {
          throw new Refusal('unsupported_feature')
        },
      })
    }
  }
}
