import type { Policy, ServicePolicy } from '../../engine/policy.js'
import { DAY, MINUTE } from '../../engine/units.js'
import type { DeskParts } from '../parts.js'
import { assumptionsOf } from './assumptions.js'
import type { BacktestProgress, BacktestResult } from './backtest-result.js'
import { openHost } from './host.js'
import { countRows, newest, readRows } from './read-rows.js'
import type { TrialSetup } from './trial.js'

export interface BacktestOptions {
  /** the proposed policy */
  policy: Policy
  /** what it is compared with. @default the policy in force */
  against?: Policy
  /** Unix ms, [from, to) */
  from: number
  to: number
  /** only requests of this service */
  service?: string
  /** both policies as if they enforced what they say. @default false: as they are written */
  enforce?: boolean
  /** requests at most, the day before included; of more a share of the number blocks is replayed. @default 100000 */
  maxRows?: number
  signal?: AbortSignal
  onProgress?: (progress: BacktestProgress) => void
}

/** Another replay is at work: one at a time, so that the gate keeps its processor. */
export class BacktestBusy extends Error {
  override readonly name = 'BacktestBusy'
  constructor() {
    super('another replay is running; wait for its end, or cancel it')
  }
}

/** About half a minute of one core. */
const MAX_ROWS = 100_000
const MAX_MS = 5 * MINUTE
/** Lines forget most of what they owe within a day. */
const WARM_MS = DAY
/** Whoever was refused may verify within a day. */
const AFTER_MS = DAY

/** Requests of the last day that a quick look takes. */
const RECENT_ROWS = 5_000

/** Recorded traffic of this ledger under another policy. */
export function createBacktest(parts: DeskParts) {
  const { ledger, gate, clock } = parts
  let running = false

  async function setupOf(
    proposed: Policy,
    current: Policy,
  ): Promise<Omit<TrialSetup, 'from' | 'to'>> {
    const rows = await ledger.listEntries(clock())
    const of = (list: 'allow' | 'deny') =>
      rows.filter((row) => row.list === list).map(({ entry }) => entry)
    const lists = { allow: of('allow'), deny: of('deny') }
    const { network } = parts
    return { current, proposed, lists, ...(network !== undefined && { network }) }
  }

  async function replay(options: BacktestOptions): Promise<BacktestResult> {
    const { from, signal, onProgress, service, enforce = false, maxRows = MAX_ROWS } = options
    const startedAt = performance.now()
    const to = Math.min(options.to, clock())
    const [current, proposed] = [options.against ?? gate.policy.policy, options.policy]
    const span = {
      from: from - WARM_MS,
      to: Math.min(to + AFTER_MS, clock() + 1),
      ...(service !== undefined && { service }),
    }
    const there = await countRows(ledger, span)
    const sampled = Math.min(1, maxRows / Math.max(1, there))
    const setup = enforce
      ? await setupOf(enforced(proposed), enforced(current))
      : await setupOf(proposed, current)
    const host = openHost({ ...setup, from, to }, () => performance.now())
    try {
      let cut = false
      for await (const batch of readRows(ledger, span, sampled)) {
        signal?.throwIfAborted()
        const reached = await host.feed(batch)
        onProgress?.({ ...reached, of: Math.ceil(there * sampled) })
        cut = performance.now() - startedAt > MAX_MS
        if (cut) break
      }
      signal?.throwIfAborted()
      const summary = await host.finish()
      const { hashed, warmed, lastAt, ...result } = summary
      return {
        from,
        to: cut && lastAt !== null ? lastAt : to,
        sampled,
        ...result,
        assumptions: assumptionsOf({ summary, sampled, cut, enforce, proposed }),
        tookMs: Math.round(performance.now() - startedAt),
      }
    } finally {
      await host.close()
    }
  }

  return {
    /**
     * The last day, its last 5,000 requests at most, from empty lines: some hundred ms, beside whatever else is running. Says
     * whether a policy refuses far more than the one in force.
     */
    async recent(
      policy: Policy,
    ): Promise<Pick<BacktestResult, 'current' | 'proposed' | 'from' | 'rows'>> {
      const now = clock()
      const rows = await newest(ledger, now - DAY, RECENT_ROWS)
      const from = rows[0]?.at ?? now
      const setup = await setupOf(policy, gate.policy.policy)
      const host = openHost({ ...setup, from, to: now + 1 }, () => performance.now())
      try {
        await host.feed(rows)
        const { current, proposed, rows: counted } = await host.finish()
        return { current, proposed, from, rows: counted }
      } finally {
        await host.close()
      }
    },
    /** Whether one is running. */
    busy: () => running,
    /**
     * Replays the requests of a time under the proposed policy and under the current one, side by side: what differs is the
     * policies' doing and not that history went another way.
     * @throws BacktestBusy while another is running; the signal's reason when it is cancelled
     */
    async run(options: BacktestOptions): Promise<BacktestResult> {
      options.signal?.throwIfAborted()
      if (running) throw new BacktestBusy()
      running = true
      try {
        return await replay(options)
      } finally {
        running = false
      }
    },
  }
}

export type Backtest = ReturnType<typeof createBacktest>

/** The same policy with every service in enforce mode. */
export function enforced(policy: Policy): Policy {
  const enforcing = (service: ServicePolicy): ServicePolicy => ({ ...service, mode: 'enforce' })
  return {
    ...policy,
    mode: 'enforce',
    services: Object.fromEntries(
      Object.entries(policy.services).map(([name, service]) => [name, enforcing(service)]),
    ),
    fallback: policy.fallback === null ? null : enforcing(policy.fallback),
  }
}
