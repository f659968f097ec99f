import { DEFAULT_SERVICE } from '../../src/engine/defaults.js'
import type { Policy } from '../../src/engine/policy.js'
import { HOUR } from '../../src/engine/units.js'
import { createDecider } from '../../src/lab/replay.js'
import type { RowDecision } from '../../src/lab/replay-decided.js'
import { labSources } from '../../src/lab/row-facts.js'
import { scenarioNamed } from '../../src/lab/scenarios/catalogue.js'
import { openScenario } from '../../src/lab/scenarios/scenario.js'
import type { TrafficRow } from '../../src/lab/traffic.js'
import { memoryLines } from '../../src/lines/memory/memory.js'
import type { LineStore } from '../../src/lines/port.js'
import { createCore } from '../../src/verify/core.js'

/** A log of the laboratory's traffic around the begin of an attack, and what the production core decides on it. */

const sources = labSources()

export interface Recorded {
  rows: readonly TrafficRow[]
  policy: Policy
}

const policyFor = (markets: readonly string[]): Policy => {
  const service = {
    ...DEFAULT_SERVICE,
    name: 'signup',
    mode: 'enforce' as const,
    markets: [...markets],
  }
  return {
    version: 1,
    mode: 'enforce',
    spendCaps: [
      { scope: 'service', period: 'day', limitMicroUsd: 2_000_000_000 },
      { scope: 'country', country: '*', period: 'hour', limitMicroUsd: 40_000_000 },
      { scope: 'global', period: 'month', limitMicroUsd: 90_000_000_000 },
    ],
    services: { signup: service },
    fallback: { ...service, name: 'default' },
  }
}

/** @param rows at most so many, from an hour before the attack on */
export async function recordLog(scenario: string, rows: number): Promise<Recorded> {
  const data = scenarioNamed(scenario)
  if (data === undefined) throw new Error(`no scenario ${scenario}`)
  const { source, policyMarkets, from, to, attackFrom } = openScenario(data, { seed: 5, days: 1 })
  const policy = policyFor(policyMarkets)
  const decider = createDecider(coreOn(memoryLines({ seed: 1, capacity: 200_000 }), policy))
  const log: TrafficRow[] = []
  const begin = Math.max(from, (attackFrom ?? from) - HOUR)
  while (log.length < rows && source.nextAt() < to) {
    const early = source.nextAt() < begin
    const { row } = source.ask()
    if (early) continue
    log.push(row)
    const decided = await decider.decide(row)
    source.told?.(
      row,
      decided?.decision.sent
        ? 'sent'
        : decided?.decision.verdict === 'challenge'
          ? 'challenged'
          : 'refused',
    )
  }
  return { rows: log, policy }
}

const coreOn = (lines: LineStore, policy: Policy) =>
  createCore({ policy, policyVersion: 1, lines, facts: sources })

/** Verdicts with their reasons. Amounts to five digits: 32-bit floats are folded in another order. */
export async function decisionsOn(
  lines: LineStore,
  { rows, policy }: Recorded,
): Promise<unknown[]> {
  const decider = createDecider(coreOn(lines, policy))
  const made: unknown[] = []
  for (const row of rows) {
    const decided = await decider.decide(row)
    if (decided !== null) made.push(rounded(decided.decision))
  }
  await decider.finish()
  return made
}

const digits = (x: number | null): number | null => (x === null ? null : Number(x.toPrecision(5)))

const rounded = ({ reasons, ...rest }: RowDecision) => ({
  ...rest,
  reasons: reasons.map(({ observed, limit, ...reason }) => ({
    ...reason,
    observed: digits(observed),
    limit: digits(limit),
  })),
})
