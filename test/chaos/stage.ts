import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../fakes/redis-process.js'
import { createClient, PATIENCE_MS } from './client.js'
import { type FaultProxy, startFaultProxy } from './fault-proxy.js'
import { type GatewayProcess, gatewayProcess, MAIN } from './gateway.js'
import { ATTACKED, type Load, startLoad } from './people.js'
import { type Provider, startProvider } from './provider.js'
import type { Attempt, CountryBound, FaultSpan, FinalVerification, RunRecord } from './record.js'
import { randomFrom } from './seeded.js'

const KEY = { id: 'chaos', secret: 'a-secret-of-the-chaos-suite' }
const RECEIPT_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const SEED = 11
/** What comes in a second: for a quiet machine of two cores it may be ten times as much. */
const PEOPLE_PER_SECOND = Number(process.env.TOLLGATE_CHAOS_PEOPLE ?? 5)
const ATTACKS_PER_SECOND = Number(process.env.TOLLGATE_CHAOS_ATTACKS ?? 10)
/** The attack begins so many times as fast. */
const ONSET = 3
/** Contained: of what it asks for in so long, ms, it gets no more than this share; and how long that may take, ms. */
const CALM_MS = 5_000
const CALM_SHARE = 0.04
const ONSET_LIMIT_MS = 120_000
/** Messages of a read at the end that are asked for at once. */
const READERS = 16

/**
 * Small openings, so that what the attack may cost is little against what it asks for; work that costs nobody time, so
 * that everybody may do it; and a maturity that comes within the run.
 */
const POLICY = `version: 1
mode: enforce
services:
  signup:
    markets: [NG, KE]
    maturity: 30s
    fraudBudget: 500 USD
    lines:
      operator: { opening: 0.4 USD, openingOutside: 0.07 USD, atLeast: 2, atLeastOutside: 1 }
      country: { opening: 1 USD, openingOutside: 0.15 USD, atLeast: 5, atLeastOutside: 1 }
      abroad: { opening: 0.5 USD, atLeast: 1 }
    challenge: { cost: 0.01, maxCost: 0.01 }
`

/** Everything that runs, and what was seen of it. */
export interface Stage {
  readonly folder: string
  readonly gateways: readonly GatewayProcess[]
  readonly provider: Provider
  readonly providerWire: FaultProxy
  readonly attempts: readonly Attempt[]
  /** Lets people and the attack come, the attack faster until its lines are used up. */
  load(): Promise<void>
  /** Nobody comes any more; reads through the API what is left of it all. */
  conclude(faults: FaultSpan[]): Promise<RunRecord>
  close(): Promise<void>
}

export interface StageOptions {
  gateways: number
  /** keys of the deployment file beside those of every stage, by gateway */
  config: (index: number) => Record<string, unknown>
}

/** Gateways in front of a provider behind a wire, on this machine. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-chaos-'))
  const random = randomFrom(SEED)
  const attempts: Attempt[] = []
  const gateways: GatewayProcess[] = []
  let turn = 0
  const provider = await startProvider(
    RECEIPT_SECRET,
    () => gateways[turn++ % gateways.length]?.url ?? '',
  )
  const providerWire = await startFaultProxy({ to: provider.port, random })
  const policy = join(folder, 'policy.yaml')
  writeFileSync(policy, POLICY)
  for (let index = 0; index < options.gateways; index++) {
    const file = join(folder, `gateway-${index}.json`)
    const port = await freePort()
    writeFileSync(
      file,
      JSON.stringify({
        policy,
        data: join(folder, `data-${index}`),
        log: { level: 'info' },
        server: { requestsPerSecond: 100_000 },
        send: [
          {
            name: 'own',
            type: 'http',
            url: `http://127.0.0.1:${providerWire.port}/sms`,
            allowPrivate: true,
            timeoutMs: 3_000,
            receipts: { secret: RECEIPT_SECRET },
          },
        ],
        ...options.config(index),
      }),
    )
    gateways.push(
      gatewayProcess({
        index,
        port,
        folder,
        args: ['--config', file],
        env: {
          TOLLGATE_BOOTSTRAP_KEY: `${KEY.id}:${KEY.secret}`,
          // gateways of one installation sign with one key
          TOLLGATE_SECRET: Buffer.alloc(32, 9).toString('base64'),
        },
      }),
    )
  }
  let load: Load | null = null
  const authorization = `Basic ${Buffer.from(`${KEY.id}:${KEY.secret}`).toString('base64')}`

  const read = async (path: string): Promise<unknown> => {
    for (let tried = 0; ; tried++) {
      const url = gateways[tried % gateways.length]?.url ?? ''
      const answer = await fetch(`${url}${path}`, {
        headers: { authorization },
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      if (answer.ok) return answer.json()
      const text = await answer.text()
      if (answer.status === 404) return null
      if (tried === 5) throw new Error(`${path}: ${answer.status} ${text}`)
    }
  }

  try {
    for (const gateway of gateways) await gateway.start()
  } catch (error) {
    await close()
    throw error
  }

  async function close(): Promise<void> {
    for (const gateway of gateways) await gateway.kill()
    await providerWire.close()
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }

  return {
    folder,
    gateways,
    provider,
    providerWire,
    attempts,
    async load() {
      let attacks = ONSET * ATTACKS_PER_SECOND
      load = startLoad({
        client: createClient({
          urls: gateways.map(({ url }) => url),
          authorization,
          random,
          keep: (attempt) => attempts.push(attempt),
        }),
        codesOf: provider.codesOf,
        peoplePerSecond: PEOPLE_PER_SECOND,
        attacksPerSecond: () => attacks,
        random,
      })
      await contained(attempts, provider)
      attacks = ATTACKS_PER_SECOND
    },
    async conclude(faults) {
      await load?.stop()
      const ids = new Set<string>()
      for (const { end } of attempts) if ('id' in end && end.id !== null) ids.add(end.id)
      return {
        attempts,
        messages: [...provider.messages],
        faults,
        outages: gateways.flatMap(({ outages }) => outages),
        verifications: await verificationsOf([...ids], read),
        allowed: await allowedByNumber(read),
        bounds: boundsOf(policy),
        gateways: gateways.length,
      }
    },
    close,
  }
}

/** Resolves when the attack has run into its lines. @throws Error when nothing stops it */
async function contained(attempts: readonly Attempt[], { messages }: Provider): Promise<void> {
  const prefixes = Object.values(ATTACKED)
  for (const from = performance.now(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, CALM_MS / 5))
    const now = performance.now()
    const late = (at: number) => at > now - CALM_MS
    const asked = attempts.filter((a) => a.by === 'attack' && a.call === 'start' && late(a.from))
    const sent = messages.filter(({ at, to }) => late(at) && prefixes.some((p) => to.startsWith(p)))
    if (now - from > CALM_MS && asked.length > 0 && sent.length <= CALM_SHARE * asked.length) return
    if (now - from > ONSET_LIMIT_MS)
      throw new Error(`the attack still gets ${sent.length} messages for ${asked.length} requests`)
  }
}

async function verificationsOf(
  ids: readonly string[],
  read: (path: string) => Promise<unknown>,
): Promise<RunRecord['verifications']> {
  const found: RunRecord['verifications'] = new Map()
  const queue = [...ids]
  const reader = async () => {
    for (let id = queue.pop(); id !== undefined; id = queue.pop())
      found.set(id, (await read(`/v1/verifications/${id}`)) as FinalVerification | null)
  }
  await Promise.all(Array.from({ length: READERS }, reader))
  return found
}

/** Decisions that let a message through, by number. */
async function allowedByNumber(
  read: (path: string) => Promise<unknown>,
): Promise<Map<string, number>> {
  interface Page {
    requests: { number: string; verdict: string }[]
    next: number | null
  }
  const found = new Map<string, number>()
  for (let next: number | null = null, first = true; first || next !== null; first = false) {
    const before = next === null ? '' : `&before=${next}`
    const page = (await read(`/v1/admin/requests?limit=1000${before}`)) as Page
    for (const { number, verdict } of page.requests)
      if (verdict === 'allow') found.set(number, (found.get(number) ?? 0) + 1)
    next = page.next
  }
  return found
}

/** What the command itself says that the policy can lose. */
function boundsOf(policy: string): Map<string, CountryBound> {
  const countries = Object.keys(ATTACKED) as (keyof typeof ATTACKED)[]
  const args = ['policy', 'bound', policy, '--country', countries.join(','), '--json']
  const { services } = JSON.parse(
    execFileSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' }),
  )
  interface Loss {
    hourMicroUsd: number
    dayMicroUsd: number
  }
  const destinations = services[0].destinations as {
    country: keyof typeof ATTACKED
    priceMicroUsd: number
    countryWide: Loss
    block: Loss
  }[]
  return new Map(
    destinations.map(({ country, priceMicroUsd, countryWide, block }) => [
      country,
      {
        prefix: ATTACKED[country],
        priceMicroUsd,
        ...countryWide,
        blockHourMicroUsd: block.hourMicroUsd,
        blockDayMicroUsd: block.dayMicroUsd,
      },
    ]),
  )
}
