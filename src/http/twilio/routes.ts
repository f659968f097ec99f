import formbody from '@fastify/formbody'
import { parseForm } from '../bodies.js'
import type { App, Wiring } from '../wiring.js'
import { attempts } from './attempts.js'
import { checks } from './checks.js'
import { createDirectory } from './directory.js'
import { lookup } from './lookup.js'
import { safeList } from './safe-list.js'
import { services } from './services.js'
import { verifications } from './verifications.js'
import type { TwilioWiring } from './wiring.js'

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
}
