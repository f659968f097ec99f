import { createMessageLog, type MessageLog, OUTCOME, STATUS } from '../../src/audit/message-log.js'
import { openScenario, type ScenarioData } from '../../src/lab/scenarios/scenario.js'

export interface LabelledLog {
  log: MessageLog
  /** what an analysis that knows the truth says of it */
  certainty: Uint8Array
  probability: Float32Array
  order: Uint32Array
  markets: readonly string[]
  /** Unix ms of the first moment of the attack */
  attackFrom: number
}

export interface LogShape {
  /** @default 1 */
  seed?: number
  /** multiple of the platform's people @default 0.05 */
  scale?: number
  days?: number
  /** @default true */
  outcomes?: boolean
  /** @default 'USD' */
  currency?: string
  /** last digits masked @default 0 */
  masked?: number
  /** whether the attack is known with certainty @default true */
  found?: boolean
}

/** What a provider would have logged had everything of a scenario been sent, and the truth about it. */
export function labelledLog(scenario: ScenarioData, shape: LogShape = {}): LabelledLog {
  const { seed = 1, scale = 0.05, days, outcomes = true, currency = 'USD' } = shape
  const { masked = 0, found = true } = shape
  const open = openScenario(scenario, { seed, scale, ...(days !== undefined && { days }) })
  const log = createMessageLog()
  const labels: number[] = []
  while (open.source.nextAt() !== Number.POSITIVE_INFINITY) {
    const { row, label } = open.source.ask()
    const { verifiedMs, deliveryError } = row.potential
    const digits = Number(row.to.slice(1))
    log.add({
      at: row.at,
      number: digits - (digits % 10 ** masked),
      masked,
      priceMicro: row.priceMicroUsd ?? Number.NaN,
      currency,
      segments: 1,
      status: deliveryError === null ? STATUS.delivered : STATUS.failed,
      outcome: !outcomes
        ? OUTCOME.unknown
        : verifiedMs === null
          ? OUTCOME.unverified
          : OUTCOME.verified,
      id: row.id,
      error: '',
      ip: row.ip ?? '',
    })
    labels.push(label === 'attack' && found ? 1 : 0)
  }
  return {
    log,
    certainty: Uint8Array.from(labels, (pumped) => 3 * pumped),
    probability: Float32Array.from(labels),
    order: Uint32Array.from(labels, (_, i) => i),
    markets: open.policyMarkets,
    attackFrom: open.attackFrom ?? Number.NaN,
  }
}
