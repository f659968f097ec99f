import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { DEFAULT_SERVICE } from '../../src/engine/defaults.js'
import type { LineName, Policy, ServicePolicy } from '../../src/engine/policy.js'

/** People or machines that ask for codes in one way. Numbers of a range are drawn with `x` for a free digit. */
export interface Actor {
  name: string
  label: 'legit' | 'attack'
  /** from and to, since the start of the scenario: "2d10h", "90m", "30s" */
  from: string
  to: string
  /** asks in all, or a day following the hour of the day */
  asks?: number
  perDay?: number
  /** number ranges: "+234803412xxxx"; every ask takes the next range, or a random one */
  ranges: string[]
  order?: 'rotate' | 'random'
  /** numbers in a range: drawn at random, one after the other, or a fixed pool asked again and again */
  numbers?: 'random' | 'sequential' | { pool: number }
  /** address ranges: "105.112.x.x", "2c0f:f5c0:400:xxxx::1"; few: so many addresses of it in all */
  addresses: string[]
  fewAddresses?: number
  /** devices: one a number, one an ask, so many in all, or none is told */
  devices?: 'number' | 'ask' | 'none' | { few: number }
  /** share of people who enter the code */
  verifies: number
  /** time to enter it; `tail` of them take ten times as long */
  delay?: { median: string; sigma: number; tail: number }
  /** who did not enter the code asks again after this, so often, with this probability each time */
  again?: { after: string; times: number; chance: number }
  /** share that solves a challenge */
  solves: number
  /** share of asks by people who have verified before in this scenario, on their own device */
  returning?: number
}

export interface Outage {
  from: string
  to: string
  /** what providers say of messages in it */
  receipts: 'failed' | 'none'
}

export interface Expected {
  asked: number
  sent: number
  usd: number
  challenged: number
  denied: number
}

export interface Variant {
  name: string
  /** fields of actors replaced for this variant */
  actors?: Record<string, Partial<Actor>>
  outages?: Outage[]
  background?: boolean
  expect: Record<string, Expected>
}

export interface Scenario {
  name: string
  what: string
  seed: number
  /** over the defaults of a service */
  policy: Partial<ServicePolicy>
  /** USD a message */
  prices: Record<string, number>
  /** files of actors that every scenario shares */
  background: string | null
  actors: Actor[]
  outages?: Outage[]
  /** an attack leaks at most twice the opening credit of so many lines of this kind */
  leak?: { actor: string; line: LineName; lines: number; outside: boolean; country: string }
  /** a trap: no legitimate request is denied, and at most this share of them is challenged */
  trap?: { challengedShare: number }
  variants: Variant[]
}

export const read = <T>(name: string): T =>
  parse(readFileSync(new URL(name, import.meta.url), 'utf8'), { strict: true }) as T

export const policyOf = (scenario: Scenario): Policy => ({
  version: 1,
  mode: 'enforce',
  spendCaps: [],
  services: {
    signup: { ...DEFAULT_SERVICE, name: 'signup', mode: 'enforce', ...scenario.policy },
  },
  fallback: null,
})

const UNIT: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 }

/** "2d10h30m" in ms. */
export function durationMs(text: string): number {
  let ms = 0
  const rest = text.replace(/(\d+(?:\.\d+)?)([dhms])/g, (_, n: string, unit: string) => {
    ms += Number(n) * (UNIT[unit] ?? 0)
    return ''
  })
  if (rest !== '') throw new Error(`"${text}" is no duration; write it as 2d10h30m5s`)
  return ms
}
