import { DAY, HOUR } from '../../engine/units.js'
import { collection } from '../../ledger/collection.js'
import { type Backtest, BacktestBusy } from '../backtest/backtest.js'
import type { DeskParts } from '../parts.js'
import type { Analysis, AnalysisState, Judged } from './analysis-state.js'
import { endOf } from './incident-traffic.js'
import type { KeptIncident } from './kept-incident.js'
import { type Proposal, proposalsFor, proposalYaml } from './proposals.js'

const MONTH_MS = 30 * DAY
/** Rows of one replay: a minute or two for all proposals. */
const ROWS = 40_000
const AFTER_MS = HOUR

/** Post-incident analysis: changes of the policy, replayed on the incident and on the month before it. */
export function createAnalyses({ ledger, gate, live, clock, warn }: DeskParts, backtest: Backtest) {
  const kept = collection<Analysis>(ledger, 'incident-analysis')
  let running: { id: string; done: number; of: number; share: number } | null = null
  const failed = new Map<string, string>()

  async function judge(incident: KeptIncident, proposal: Proposal, to: number): Promise<Judged> {
    const { service, firstSendAt } = incident
    const common = {
      policy: proposal.policy,
      service,
      maxRows: ROWS,
      // what monitor mode recorded is judged as if it had been enforced, but for the proposal to enforce it
      enforce: proposal.id !== 'enforce',
      onProgress: ({ rows, of }: { rows: number; of: number }) => {
        if (running !== null) running.share = of === 0 ? 1 : Math.min(1, rows / of)
      },
    }
    const during = await backtest.run({ ...common, from: firstSendAt, to })
    const before = await backtest.run({
      ...common,
      from: firstSendAt - MONTH_MS,
      to: firstSendAt,
    })
    const { id, title, cost } = proposal
    return {
      id,
      title,
      cost,
      yaml: proposalYaml(service, proposal),
      edits: proposal.settings.map(({ path, value }) => ({
        path: ['services', service, ...path],
        value,
      })),
      incident: { current: during.current, proposed: during.proposed },
      month: { current: before.current, proposed: before.proposed },
      sampled: before.sampled,
      assumptions: before.assumptions,
    }
  }

  async function work(incident: KeptIncident, proposals: readonly Proposal[]): Promise<void> {
    const judged: Judged[] = []
    // one end for all of them: an incident that goes on must not be longer for the second proposal
    const to = Math.min(clock(), endOf(incident, clock()) + AFTER_MS)
    for (const [done, proposal] of proposals.entries()) {
      running = { id: incident.id, done, of: proposals.length, share: 0 }
      live.emit('incident', { id: incident.id, event: 'analysis' })
      judged.push(await judge(incident, proposal, to))
    }
    const value: Analysis = { at: clock(), policyVersion: gate.policy.version, judged }
    await kept.put({ id: incident.id, at: value.at, value })
  }

  return {
    /** @returns `false` when another replay is at work */
    start(incident: KeptIncident): boolean {
      if (running !== null || backtest.busy()) return false
      const proposals = proposalsFor(incident, gate.policy.policy)
      running = { id: incident.id, done: 0, of: proposals.length, share: 0 }
      failed.delete(incident.id)
      work(incident, proposals)
        .catch((error: unknown) => {
          const fault = error instanceof Error ? error : new Error(String(error))
          failed.set(incident.id, fault.message)
          if (!(fault instanceof BacktestBusy)) warn(fault)
        })
        .finally(() => {
          running = null
          live.emit('incident', { id: incident.id, event: 'analysis' })
        })
      return true
    },
    async of(id: string): Promise<AnalysisState> {
      if (running?.id === id) {
        const { done, of, share } = running
        return { state: 'running', done, of, share }
      }
      const why = failed.get(id)
      if (why !== undefined) return { state: 'failed', why }
      const found = await kept.get(id)
      return found === null ? { state: 'none' } : { state: 'done', analysis: found.value }
    },
  }
}
