import { createMessageLog, type MessageLog, OUTCOME, STATUS } from '../../src/audit/message-log.js'
import { MINUTE } from '../../src/engine/units.js'
import type { Actor } from '../../src/lab/actors/actor.js'
import { openScenario, type ScenarioData } from '../../src/lab/scenarios/scenario.js'

/** A log as a provider keeps it, and what nobody but the laboratory knows of its messages. */
export interface DrainedLog {
  log: MessageLog
  /** per row: 1 where an attacker asked */
  fraud: Uint8Array
  /** money of those, and of all, in the log's currency */
  fraudMoney: number
  spend: number
  /** Unix ms of the first message of each campaign */
  onsets: Map<string, number>
}

export interface LogLook {
  /** Unix ms up to which it goes @default Infinity */
  to?: number
  /** whether it says which codes were entered @default true */
  outcomes?: boolean
  /** @default 'USD' */
  currency?: string
  /** last digits that it hides @default 0 */
  masked?: number
}

/** A code is valid for so long: a later one was not entered in time. */
const CODE_MS = 10 * MINUTE

/** What an actor asks for, all of it sent. */
export function drained(actor: Pick<Actor, 'nextAt' | 'ask'>, look: LogLook = {}): DrainedLog {
  const { to = Number.POSITIVE_INFINITY, outcomes = true, currency = 'USD', masked = 0 } = look
  const log = createMessageLog()
  const labels: number[] = []
  const onsets = new Map<string, number>()
  const verified = new Map<string, number>()
  let fraudMoney = 0
  let spend = 0
  for (;;) {
    const at = actor.nextAt()
    if (at >= to || at === Number.POSITIVE_INFINITY) break
    const { row, label, campaign } = actor.ask()
    // whoever has entered the code does not ask again
    const entered = row.retryOf === null ? undefined : verified.get(row.retryOf)
    if (entered !== undefined && entered <= row.at) continue
    const { deliveryError, verifiedMs } = row.potential
    const success = verifiedMs !== null && verifiedMs <= CODE_MS
    if (success) verified.set(row.retryOf ?? row.id, row.at + verifiedMs)
    if (verified.size > 5_000) verified.clear()
    const digits = Number(row.to.slice(1))
    const priceMicro = row.priceMicroUsd ?? 0
    log.add({
      at: row.at,
      number: Math.floor(digits / 10 ** masked) * 10 ** masked,
      ...{ masked, priceMicro, currency, segments: 1, id: row.id, error: '', ip: row.ip ?? '' },
      status: deliveryError === null ? STATUS.delivered : STATUS.failed,
      outcome: !outcomes ? OUTCOME.unknown : success ? OUTCOME.verified : OUTCOME.unverified,
    })
    labels.push(label === 'attack' ? 1 : 0)
    spend += priceMicro / 1e6
    if (label === 'attack') fraudMoney += priceMicro / 1e6
    if (campaign !== null && !onsets.has(campaign)) onsets.set(campaign, row.at)
  }
  return { log, fraud: Uint8Array.from(labels), fraudMoney, spend, onsets }
}

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

export interface LogShape extends Omit<LogLook, 'to'> {
  /** @default 1 */
  seed?: number
  /** multiple of the platform's people @default 0.05 */
  scale?: number
  days?: number
  /** whether the attack is known with certainty @default true */
  found?: boolean
}

/** What a provider would have logged had everything of a scenario been sent, and the truth about it. */
export function labelledLog(scenario: ScenarioData, shape: LogShape = {}): LabelledLog {
  const { seed = 1, scale = 0.05, days, found = true } = shape
  const open = openScenario(scenario, { seed, scale, ...(days !== undefined && { days }) })
  const { log, fraud } = drained(open.source, shape)
  return {
    log,
    certainty: fraud.map((pumped) => (found ? 3 * pumped : 0)),
    probability: Float32Array.from(fraud, (pumped) => (found ? pumped : 0)),
    order: Uint32Array.from(fraud, (_, i) => i),
    markets: open.policyMarkets,
    attackFrom: open.attackFrom ?? Number.NaN,
  }
}
