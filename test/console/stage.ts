import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Front, openFront } from '../../src/cli/front.js'
import { checkedPolicy } from '../../src/cli/policy-file.js'
import { createApplication } from '../../src/demo/application.js'
import { createPhones } from '../../src/demo/phones.js'
import { createDemoClock, createTimeline } from '../../src/demo/timeline.js'
import { firstAdminLink } from '../../src/desk/access/first-admin.js'
import type { Role } from '../../src/desk/access/user.js'
import type { Change } from '../../src/engine/detect/change.js'
import { hash64 } from '../../src/engine/hash.js'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/engine/units.js'
import { createMetrics } from '../../src/http/metrics.js'
import { type AttackData, attacker } from '../../src/lab/actors/attack.js'
import { people } from '../../src/lab/actors/people.js'
import { PLATFORMS } from '../../src/lab/scenarios/platforms.js'
import { createWorld } from '../../src/lab/world/create-world.js'
import { examplePrices } from '../../src/phone/prices.js'
import { httpProvider } from '../../src/send/http.js'
import type { Provider } from '../../src/send/port.js'
import { createSender } from '../../src/send/sender.js'
import { type Composed, compose } from '../../src/verify/compose.js'
import { secureRandom } from '../../src/verify/random.js'
import type { GateRequest } from '../../src/verify/types.js'
import { startEndpoint } from '../fakes/http-endpoint.js'

/** Where history ends: Friday, noon in UTC. The browser's clock is another one, as those of people are. */
export const NOON = Date.UTC(2026, 10, 20, 12)

export const POLICY = `# The shop's policy
version: 1
mode: enforce
spendCaps:
  - { per: month, max: 9000 USD }
defaults:
  markets: [NG, GH, SN, CI, CM]
  outside: credit
  countries:
    KZ: hold
    JO: hold
  challenge: { cost: 0.01, maxCost: 0.01 }
services:
  signup:
    spendCaps:
      - { per: day, max: 400 USD }
  login: {}
`

export interface StageOptions {
  /** played before the pages are opened, ms @default none: the first day */
  historyMs?: number
  /** @default 900 */
  sessionsPerDay?: number
  /** @default POLICY */
  policy?: string
}

/** A message as the local provider got it. */
export interface Message {
  to: string
  body: string
}

interface Opened {
  parts: Composed
  front: Front
}

/** A whole gateway on a real ledger and a real port, under a clock that stands still but for those who move it. */
export async function openStage(options: StageOptions = {}) {
  const { historyMs = 0, sessionsPerDay = 900, policy = POLICY } = options
  const data = mkdtempSync(join(tmpdir(), 'tollgate-console-'))
  const endpoint = await startEndpoint()
  endpoint.answers((response) => response.writeHead(200).end('{"id":"m"}'))
  const clock = createDemoClock(NOON - historyMs)
  const phones = createPhones(clock.now)
  const simulated = phones.provider('simulated')
  const real = httpProvider({ name: 'own', url: endpoint.url, allowPrivate: true, now: clock.now })
  const world = createWorld()
  /** numbers that the simulation looks at */
  let isSimulated: (number: string) => boolean = () => false
  const provider: Provider = {
    ...real,
    send: (message, context) => (isSimulated(message.to) ? simulated : real).send(message, context),
  }
  const faults: Error[] = []
  let port = 0

  async function open(): Promise<Opened> {
    let composed: Composed | null = null
    let told: (change: Change) => void = () => undefined
    const metrics = createMetrics(() => Object.keys(composed?.gate.policy.policy.services ?? {}))
    const sender = metrics.meter(createSender({ providers: [provider] }))
    const parts = await compose({
      policy: checkedPolicy(policy, 'policy.yaml').policy,
      policyText: policy,
      sender,
      data,
      clock: clock.now,
      lines: { capacity: 100_000 },
      upkeep: false,
      onError: (error) => faults.push(error),
      onChange: (change) => told(change),
    })
    composed = parts
    const front = await openFront({
      parts,
      metrics,
      sender,
      clock: clock.now,
      random: secureRandom(),
      prices: examplePrices(),
      // browsers give passkeys to names, not to addresses
      server: {
        host: 'localhost',
        port,
        trustProxies: [],
        publicUrl: null,
        openMetrics: false,
        maxConnections: 1_000,
        requestsPerSecond: 5_000,
      },
      logLevel: 'silent',
      deployment: {
        version: '0.0.0-test',
        publicUrl: null,
        policyFile: null,
        configFile: null,
        data,
        providers: [{ name: 'own', type: 'http', receipts: false }],
        numbers: 'clear',
        trustProxies: [],
        retention: { requestsMs: 90 * DAY, verificationsMs: 30 * DAY },
        simulation: false,
        allowPrivateSinks: true,
      },
    })
    told = front.changed
    return { parts, front }
  }

  let now = await open()
  const playing = () => {
    const application = createApplication({
      gate: now.parts.gate,
      clock: clock.now,
      phones,
      // one in twenty
      isWhole: (session) => (hash64(session, 0).low >>> 0) % 20 === 0,
    })
    const timeline = createTimeline({ clock, gate: now.parts.gate, application })
    return { application, timeline }
  }
  let play = playing()
  const crowd = people({
    ...PLATFORMS['west-africa'],
    ...{ world, seed: 7, sessionsPerDay, from: clock.now(), to: NOON + 30 * DAY },
  })
  if (historyMs > 0) play.timeline.add(crowd)

  /** Everything the desk does by itself, until it has nothing left to do now. */
  async function settle(): Promise<void> {
    await play.application.settled()
    for (let round = 0; round < 2; round++) for (const job of now.front.desk.jobs) await job.run()
    await now.front.desk.ledger.rollUp(100_000, clock.now())
    now.front.desk.live.emit('tally')
  }

  /** Time passes, and people ask for codes in it. */
  async function playFor(ms: number, everyMs = 10 * SECOND): Promise<void> {
    isSimulated = () => true
    const until = clock.now() + ms
    while (clock.now() < until) {
      await play.timeline.playTo(Math.min(until, clock.now() + HOUR), everyMs)
      await settle()
    }
    isSimulated = () => false
  }

  if (historyMs > 0) await playFor(historyMs, 5 * MINUTE)
  const url = await now.front.listen()
  port = Number(new URL(url).port)

  return {
    url,
    data,
    clock: clock.now,
    endpoint,
    /** failures that nobody waited for */
    faults,
    get desk() {
      return now.front.desk
    },
    get gate() {
      return now.parts.gate
    },
    settle,
    playFor,
    /** Time passes and nobody asks for anything. */
    pass(ms: number): void {
      clock.goTo(clock.now() + ms)
    },
    attack(data: AttackData): void {
      play.timeline.add(attacker(data, { world, from: clock.now(), seed: 11 }))
    },
    /** One person asks for a code; the message goes to the local provider. */
    start: (request: Partial<GateRequest>) =>
      now.parts.gate.start({
        ...{ service: 'signup', to: '+2348035550100', ip: '102.89.23.7', ...request },
      } as GateRequest),
    messages: (): Message[] => endpoint.requests.map(({ body }) => JSON.parse(body) as Message),
    async firstLink(): Promise<string> {
      const link = await firstAdminLink(now.front.desk.access, 'test')
      if (link === null) throw new Error('there is an administrator already')
      return `${url}/sign-in/setup#token=${link.token}`
    },
    /** The cookie of somebody who has signed in. */
    async cookie(role: Role, name: string = role) {
      const { access } = now.front.desk
      let user = await access.users.named(name)
      if (user === null) {
        const at = clock.now()
        const made = await access.users.add(access.users.newId(), {
          ...{ name, role, disabled: false, createdAt: at, createdBy: 'test' },
          ...{ lastSignInAt: null, passkeys: [], identity: null },
        })
        if (!made.ok) throw new Error('no user')
        user = made.value
      }
      const browser = { source: '127.0.0.1', userAgent: null }
      const value = await access.sessions.open(user.id, 'passkey', browser)
      return {
        ...{ name: 'tollgate_session', value, url, httpOnly: true, sameSite: 'Strict' as const },
      }
    },
    /** Every connection of a page breaks. */
    drop(): void {
      now.front.app.server.closeAllConnections()
    },
    /** The process ends and another one starts on the same directory and port. */
    async restart(): Promise<void> {
      await now.front.close()
      await now.parts.close()
      now = await open()
      play = playing()
      await now.front.listen()
    },
    async close(): Promise<void> {
      await now.front.close()
      await now.parts.close()
      await endpoint.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

export type Stage = Awaited<ReturnType<typeof openStage>>
