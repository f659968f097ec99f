import { DEFAULT_SERVICE } from '../../engine/defaults.js'
import type { Policy, ServicePolicy } from '../../engine/policy.js'
import { USD } from '../../engine/units.js'
import type { Contender } from '../contender.js'
import { createTollgate } from '../contest-tollgate.js'
import { PEER_NAMES, PEERS, type PeerName } from '../peers/all.js'
import { ABLATIONS, type AblationName } from './ablations.js'

/** A contender as plain data, so that it can be sent to a thread. */
export type ContenderSpec =
  | {
      kind: 'tollgate'
      /** daily fraud budget, US dollars; absent: the default policy's */
      budgetUsd?: number
      without?: readonly AblationName[]
    }
  | {
      kind: 'peer'
      peer: PeerName
      /** factor on every limit; absent: as published */
      scale?: number
    }

export const TOLLGATE: ContenderSpec = { kind: 'tollgate' }

/** Everybody as published, Tollgate with its default policy. */
export const CONTENDERS: readonly ContenderSpec[] = [
  TOLLGATE,
  ...PEER_NAMES.map((peer): ContenderSpec => ({ kind: 'peer', peer })),
]

/** Daily fraud budgets of the curve, US dollars. */
const BUDGETS_USD = [5, 10, 20, 50, 100, 200] as const
/** Factors on the limits of others on their curves. */
const SCALES = [0.25, 0.5, 1, 2, 4, 8] as const

/** One curve per contender, from its tightest setting to its widest. */
export const CURVES: readonly { name: string; points: readonly ContenderSpec[] }[] = [
  {
    name: 'tollgate',
    points: BUDGETS_USD.map((budgetUsd): ContenderSpec => ({ kind: 'tollgate', budgetUsd })),
  },
  ...PEER_NAMES.map((peer) => ({
    name: peer,
    points: SCALES.map((scale): ContenderSpec => ({ kind: 'peer', peer, scale })),
  })),
]

/** Name of a contender in tables and results. */
export function nameOf(spec: ContenderSpec): string {
  if (spec.kind === 'peer')
    return spec.scale === undefined || spec.scale === 1 ? spec.peer : `${spec.peer} x${spec.scale}`
  const budget =
    spec.budgetUsd === undefined || spec.budgetUsd * USD === DEFAULT_SERVICE.fraudBudgetMicroUsd
      ? ''
      : ` ${spec.budgetUsd} USD`
  const without = (spec.without ?? []).map((name) => ` -${name}`).join('')
  return `tollgate${budget}${without}`
}

/**
 * The default policy, enforced, with the platform's markets: nothing is tuned to a scenario.
 */
export function benchPolicy(
  spec: Extract<ContenderSpec, { kind: 'tollgate' }>,
  markets: readonly string[],
): Policy {
  let service: ServicePolicy = { ...DEFAULT_SERVICE, mode: 'enforce', markets: [...markets] }
  if (spec.budgetUsd !== undefined)
    service = { ...service, fraudBudgetMicroUsd: spec.budgetUsd * USD }
  for (const name of spec.without ?? []) service = ABLATIONS[name].without(service)
  return { version: 1, mode: 'enforce', spendCaps: [], services: {}, fallback: service }
}

export function createContender(spec: ContenderSpec, markets: readonly string[]): Contender {
  const contender =
    spec.kind === 'tollgate'
      ? createTollgate({ policy: benchPolicy(spec, markets) })
      : PEERS[spec.peer]({ markets, scale: spec.scale ?? 1 })
  return { ...contender, name: nameOf(spec) }
}
