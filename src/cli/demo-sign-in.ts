import { isIPv4 } from 'node:net'
import { readCookie, writeCookie } from '../desk/access/cookie.js'
import { isLoopback } from '../desk/access/site.js'
import type { Desk } from '../desk/desk.js'
import { DAY } from '../engine/units.js'
import { askedOf, browserOf } from '../http/access-hook.js'
import type { ServerOptions } from '../http/server.js'

/** A simulation's time runs ahead: half an hour of it is a minute, which is no time to be signed out after. */
export const DEMO_SESSIONS = { idleMs: 3_650 * DAY, lifetimeMs: 3_650 * DAY }

const VISITOR = 'usr_demo'

/** Addresses of this machine, v4 in v6 notation too. */
function isThisMachine(address: string): boolean {
  const bare = address.replace(/^::ffff:/, '')
  return isIPv4(bare) ? isLoopback(bare) : address === '::1'
}

/**
 * Whoever opens the console of a simulation from this machine is signed in as its administrator: there is nothing to
 * protect but the simulation. Both the address and the name that was asked for must be this machine's, so that no page
 * of a stranger that resolves to it gets a session.
 */
export function admitVisitors({ access, clock, deployment }: Desk): ServerOptions['greet'] {
  if (!deployment.simulation) throw new Error('visitors are signed in to a simulation only')
  return async (request, reply) => {
    const asked = askedOf(request)
    const site = access.site(asked)
    if (!site.ok || !isThisMachine(request.ip)) return
    if (!isLoopback(new URL(site.value.origin).hostname)) return
    const token = readCookie(asked.cookie, 'session', site.value)
    if (token !== undefined && (await access.present(token, clock())) !== null) return
    if ((await access.users.get(VISITOR)) === null)
      await access.users.add(VISITOR, {
        name: 'Visitor of the demo',
        role: 'admin',
        disabled: false,
        createdAt: clock(),
        createdBy: 'demo',
        lastSignInAt: clock(),
        passkeys: [],
        identity: null,
      })
    const opened = await access.sessions.open(VISITOR, 'link', browserOf(request))
    reply.header('set-cookie', writeCookie(site.value, 'session', opened, DEMO_SESSIONS.lifetimeMs))
  }
}
