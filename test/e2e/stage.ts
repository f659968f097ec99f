import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import {
  type CreateGateOptions,
  createGate,
  DEFAULT_SERVICE,
  http,
  type LocalGate,
  type Policy,
  type Result,
  type ServicePolicy,
} from '../../src/index.js'
import { type Endpoint, startEndpoint } from '../fakes/http-endpoint.js'

export const T0 = Date.UTC(2026, 10, 20, 12)
export const SECOND = 1_000
export const MINUTE = 60 * SECOND

/** What a provider of ours posts for each message. */
export interface Message {
  to: string
  body: string
  idempotencyKey: string
}

/** A gate on a real SQLite ledger with a real provider behind HTTP, under a clock that stands still. */
export interface Stage {
  gate: LocalGate
  data: string
  endpoint: Endpoint
  /** messages the provider was asked to send, in order */
  messages(): Message[]
  /** the code of a message, the last one by default */
  code(index?: number): string
  now(): number
  advance(ms: number): void
  /** closes the gate and opens it again on the same directory */
  restart(options?: Partial<CreateGateOptions>): Promise<LocalGate>
}

export const enforce = (service: Partial<ServicePolicy> = {}): Policy => ({
  version: 1,
  mode: 'enforce',
  spendCaps: [],
  services: {
    signup: {
      ...DEFAULT_SERVICE,
      name: 'signup',
      mode: 'enforce',
      markets: ['NG'],
      // the least work there is: what is tested is who may pass, not how long it takes
      challenge: { ttlMs: 5 * MINUTE, cost: 0.01, maxCost: 0.01 },
      ...service,
    },
  },
  fallback: null,
})

/** Stages of one test file; each is taken down after its test. */
export function stages(): (options?: Partial<CreateGateOptions>) => Promise<Stage> {
  const takeDown: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const down of takeDown.splice(0).reverse()) await down()
  })

  return async (options = {}) => {
    const data = mkdtempSync(join(tmpdir(), 'tollgate-stage-'))
    takeDown.push(async () => rmSync(data, { recursive: true, force: true }))
    const endpoint = await startEndpoint()
    takeDown.push(() => endpoint.close())
    let now = T0
    const open = (more: Partial<CreateGateOptions> = {}) =>
      createGate({
        policy: enforce(),
        send: http({ name: 'own', url: endpoint.url, allowPrivate: true }),
        data,
        clock: () => now,
        upkeep: false,
        ...options,
        ...more,
      })
    const stage: Stage = {
      gate: await open(),
      data,
      endpoint,
      messages: () => endpoint.requests.map(({ body }) => JSON.parse(body) as Message),
      code: (index = -1) => codeIn(stage.messages().at(index)?.body),
      now: () => now,
      advance(ms) {
        now += ms
      },
      async restart(more) {
        await stage.gate.close()
        stage.gate = await open(more)
        return stage.gate
      },
    }
    takeDown.push(() => stage.gate.close())
    return stage
  }
}

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}

export const errorOf = (result: Result<unknown>): string | null =>
  result.ok ? null : result.error.code

/** Mobile numbers of one operator in Nigeria; 10,000 make a block. */
export const subscriber = (n: number): string => `+23480312${String(30_000 + n).padStart(5, '0')}`

export const request = (n = 0) => ({
  service: 'signup',
  to: subscriber(n),
  ip: `105.112.${n % 200}.7`,
  deviceId: `device-${n}`,
})

export const codeIn = (text = ''): string => /\d{6}/.exec(text)?.[0] ?? ''

/** Codes that are not the right one. */
export const wrongCode = (right: string): string =>
  String((Number(right) + 1) % 1_000_000).padStart(6, '0')
