import { createHash } from 'node:crypto'
import type { Role } from '../../src/desk/access/user.js'
import { DAY, MINUTE } from '../../src/engine/units.js'
import type { Ledger } from '../../src/ledger/port.js'
import type { MemoryLines } from '../../src/lines/memory/memory.js'
import { type Harness, startHarness } from '../e2e/harness.js'
import { enforce, subscriber } from '../e2e/stage.js'
import { MOST_NTH, POLICY } from './odd.js'
import { type Route, withRoutes } from './routes.js'

/** One block of a Nigerian operator, attacked. */
const attacked = (n: number): string => `+234805123${String((n * 2_411) % 10_000).padStart(4, '0')}`

const policy = () => {
  const { services, ...rest } = enforce()
  const { signup } = services
  if (signup === undefined) throw new Error('the policy of the stages names signup')
  return {
    ...rest,
    // reviews wait in Ghana; nobody who is tried out names the service of the probe
    services: {
      signup: { ...signup, countries: { GH: 'hold' as const } },
      probe: { ...signup, name: 'probe' },
    },
  }
}

const MOST_NAMES = 400

/** What names look like where no schema says it, by the parameter or the path. */
const KINDS: Record<string, string> = { ServiceSid: '^VA', PhoneNumber: '^\\+' }
const kindOf = (path: string): string =>
  path.startsWith('/v1/verifications')
    ? '^ver_'
    : path.startsWith('/v1/decisions')
      ? '^dec_'
      : path.includes('/Verifications/')
        ? '^VE'
        : '.'

/** Names under which the answers of this gateway tell what else may be asked for. */
const TELLS =
  /^(id|sid|list|entry|version|code|key|number|to|prefix|phone_number|e164|next|sessionId|verificationId|incidentId|zone)$/

/** Nobody listens where its sinks lead; any other fault is one. */
const warn = (error: Error): void => {
  if (!/^(not delivered yet|given up): /.test(error.message)) throw error
}

/** A gateway with its desk, something of everything in it, and what a caller can know of it. */
export async function openStage(ledger?: Ledger) {
  const { opened: gateway, routes } = await withRoutes(() =>
    startHarness({
      desk: { allowPrivateSinks: true, warn },
      ...(ledger !== undefined && { ledger }),
      policy: policy(),
      server: {
        // what is tried is what is asked, not how often
        requestsPerSecond: 1e9,
        failuresPerMinute: 1e9,
        trustedProxies: ['127.0.0.1'],
      },
    }),
  )
  const { desk } = gateway
  if (desk === null) throw new Error('a stage has a desk')

  /** names by the collection whose answer told them, as `/v1/console/users`, and those of all under '' */
  const known = new Map<string, Set<string>>([['', new Set()]])
  const collectionOf = (path: string): string => path.replace(/\/?:.*$/, '')

  /** Keeps the names that an answer tells. */
  function learn(path: string, value: unknown, name = ''): void {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value))
        learn(path, inner, Array.isArray(value) ? name : key)
    } else if (TELLS.test(name)) {
      const text = String(value).slice(0, 200)
      const twilio = text.replace(/^ver_/, 'VE').replace(/^dec_/, 'VL')
      for (const collection of ['', collectionOf(path)]) {
        const names = known.get(collection) ?? new Set()
        known.set(collection, names.add(text).add(twilio))
        // the oldest makes room: what it names has ended before the others
        for (const oldest of names) {
          if (names.size <= MOST_NAMES) break
          names.delete(oldest)
        }
      }
    }
  }

  /** What the answers of a collection told, or else of the one above it. */
  function near(path: string): Set<string> | undefined {
    return path === '' ? undefined : (known.get(path) ?? near(path.replace(/\/[^/]*$/, '')))
  }

  /** A name for a parameter of a path: mostly a late one of the right kind, sometimes any that is known. */
  function nameAt({ path, params }: Route, parameter: string, n: number): string {
    const all = known.get('') ?? new Set()
    const own = n % 7 === 0 ? all : (near(collectionOf(path)) ?? all)
    const kind = new RegExp(
      params.properties?.[parameter]?.pattern ?? KINDS[parameter] ?? kindOf(path),
    )
    const fitting = [...own].filter((name) => kind.test(name)).reverse()
    // squared: what was named last is likeliest still to be there
    return (
      fitting[Math.floor((n / MOST_NTH) ** 2 * fitting.length)] ?? [...all][n % all.size] ?? 'x'
    )
  }

  /** A cookie of somebody who is signed in now. */
  async function cookieOf(role: Role): Promise<string> {
    const { access } = desk as NonNullable<typeof desk>
    const name = `${role} ${gateway.now()}`
    const added = await access.users.add(access.users.newId(), {
      ...{ name, role, disabled: false, createdAt: gateway.now(), createdBy: 'test' },
      ...{ lastSignInAt: null, passkeys: [], identity: null },
    })
    // users end at some number: then one of those there signs in
    const of = added.ok
      ? added.value
      : (await access.users.list()).find((user) => user.role === role && !user.disabled)
    if (of === undefined) throw new Error(`nobody is left who is ${role}`)
    const browser = { source: '127.0.0.1', userAgent: null }
    return `tollgate_session=${await access.sessions.open(of.id, 'passkey', browser)}`
  }

  /** What runs behind the gateway, once. */
  async function settle(): Promise<void> {
    await gateway.parts.gate.tick()
    await desk?.incidents.settled()
    for (const job of desk?.jobs ?? []) await job.run()
  }

  for (const role of ['admin', 'analyst', 'viewer'] as const) await cookieOf(role)
  await fill(gateway, settle, learn)
  for (const { method, path } of routes) {
    if (method !== 'GET' || /[:*]|\/live$/.test(path)) continue
    learn(path, (await gateway.call('GET', path)).body)
  }

  let begun = 0
  const asked = { service: 'probe', to: '+2349061234566', context: { ip: '197.210.70.6' } }
  const { body: probe } = await gateway.call('POST', '/v1/verifications', asked)

  return {
    gateway,
    /** of a message to a person, before anything was tried, micro-USD */
    price: probe.decision.priceMicroUsd as number,
    desk,
    routes,
    nameAt,
    learn,
    cookieOf,
    settle,
    /** A verification that waits for its code, and a decision, of this key. */
    async begin(authorization: string): Promise<void> {
      begun += 1
      const to = `+234906130${String(begun).padStart(4, '0')}`
      const asked = { service: 'signup', to, context: { ip: `41.58.${begun % 250}.9` } }
      for (const [path, more] of [
        // vouched for: after an attack it would have to solve a challenge first
        ['/v1/verifications', { riskCheck: false }],
        ['/v1/decisions', {}],
      ] as const) {
        const { body } = await gateway.call('POST', path, { ...asked, ...more }, { authorization })
        learn(path, body)
        learn('/v2/Services', { sid: body.id })
      }
      // a code is not sent again at once
      gateway.advance(MINUTE)
    },
    /** All that lines of credit hold. */
    lines(): string {
      const hash = createHash('sha256')
      for (const part of (gateway.parts.lines as MemoryLines).dump()) hash.update(part)
      return hash.digest('hex')
    },
    close: () => gateway.close(),
  }
}
export type Stage = Awaited<ReturnType<typeof openStage>>

/** Something of everything: verifications in every state, an incident, measures, lists, reviews, sinks, versions. */
async function fill(
  gateway: Harness,
  settle: () => Promise<void>,
  learn: (path: string, value: unknown) => void,
): Promise<void> {
  let asked = 0
  const post = (path: string, body: object) => gateway.call('POST', path, body)
  const start = async (to: string, more: object = {}) => {
    asked += 1
    const context = { ip: `102.89.${asked % 200}.${asked % 250}`, deviceId: `device-${asked}` }
    const { body } = await post('/v1/verifications', { service: 'signup', to, context, ...more })
    learn('/v1/verifications', body)
    return body.id
  }
  // reports are made of days that are over
  gateway.advance(DAY)
  for (let n = 0; n < 40; n++) {
    await start(attacked(n), { riskCheck: false })
    gateway.advance(MINUTE / 12)
  }
  gateway.advance(30 * MINUTE)
  await settle()
  const first = await start(subscriber(1))
  await post(`/v1/verifications/${first}/check`, { code: gateway.code() })
  await start(subscriber(2))
  await gateway.call('DELETE', `/v1/verifications/${await start(subscriber(3))}`)
  for (const n of [1, 2, 3]) await start(`+23324412345${n}`)
  const target = { kind: 'range', key: '+2348079', service: 'signup' }
  await post('/v1/console/playbook', { target, action: 'block' })
  for (const list of ['allow', 'deny', 'watch']) {
    const added = await post(`/v1/console/lists/${list}/entries`, {
      entries: [{ entry: '+234809*', note: '', expiresAt: null }],
    })
    learn('/v1/console/lists/changes', added.body.change)
  }
  const { body: invited } = await post('/v1/console/invitations', { name: 'Ada', role: 'viewer' })
  const token = /[\w-]{43}$/.exec(String(invited.url ?? invited.path))?.[0]
  for (const path of ['', '/options', '/redeem']) learn(`/v1/console/link${path}`, { key: token })
  const place = { type: 'webhook', url: 'http://127.0.0.1:1/x' }
  const sink = { name: 'own', enabled: true, place, minimum: 'info', quiet: null, reports: [] }
  await post('/v1/console/alerts/sinks', sink)
  const { body: now } = await gateway.call('GET', '/v1/console/policy')
  const published = { text: POLICY, base: now.version, note: 'x', confirmation: 'x' }
  await post('/v1/console/policy/publish', published)
  await settle()
}
