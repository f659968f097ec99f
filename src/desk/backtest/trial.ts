import type { Policy } from '../../engine/policy.js'
import { createDecider } from '../../lab/replay.js'
import type { Decided, Decider } from '../../lab/replay-decided.js'
import type { TrafficRow } from '../../lab/traffic.js'
import { memoryLines } from '../../lines/memory/memory.js'
import type { NetworkOptions } from '../../network/source.js'
import { type Core, createCore } from '../../verify/core.js'
import { createAssembly, type ReplayRow } from './assemble.js'
import type { BacktestResult } from './backtest-result.js'
import type { RecordedRow } from './recorded-row.js'
import { createRowSources } from './row-sources.js'
import { createTally } from './tally.js'

/** What a replay is told at its start. Plain data: it may go to a thread. */
export interface TrialSetup {
  current: Policy
  proposed: Policy
  /** entries of the operators' own lists, as they are now */
  lists: { allow: string[]; deny: string[] }
  network?: NetworkOptions
  /** Unix ms, [from, to): requests before warm the lines, requests after say what became of those in it */
  from: number
  to: number
}

export type TrialSummary = Omit<
  BacktestResult,
  'from' | 'to' | 'sampled' | 'assumptions' | 'tookMs'
> & {
  /** requests of numbers that are kept as hashes */
  hashed: number
  /** requests that were replayed to warm the lines */
  warmed: number
  /** time of the last request, Unix ms; `null`: there was none */
  lastAt: number | null
}

/** Records and windows kept for each policy: some hundred thousand requests, about 100 MB when full. */
const CAPACITY = 2_000_000
/** Both policies hash their keys alike: what differs is what they say. */
const SEED = 1
/** Requests between two looks at whether others should have a turn. */
const BREATH = 25

interface Side {
  core: Core
  decider: Decider
}

/** Two policies over the same requests, each with lines and knowledge of its own. */
export function createTrial({ current, proposed, lists, network, from, to }: TrialSetup) {
  const { sources, use, current: asked } = createRowSources(network)
  const assembly = createAssembly()
  const tally = createTally()
  let warmed = 0
  let replayed = 0
  let lastAt: number | null = null

  function side(policy: Policy): Side {
    const made = createCore({
      policy,
      policyVersion: 0,
      lines: memoryLines({ capacity: CAPACITY, seed: SEED }),
      facts: sources,
    })
    made.setLists(lists)
    // what a traffic row has no room for
    const core: Core = {
      ...made,
      evaluate: (request, service, now) => {
        const { apiKeyId, vouched } = asked()
        return made.evaluate(
          {
            ...request,
            ...(apiKeyId !== null && { apiKeyId }),
            ...(vouched && { riskCheck: false }),
          },
          service,
          now,
        )
      },
    }
    return { core, decider: createDecider(core) }
  }
  const sides = [side(current), side(proposed)] as const

  async function replay(next: ReplayRow): Promise<void> {
    const { row, recorded } = next
    if (row.at >= to) return
    use(recorded)
    const [one, other] = [await decide(sides[0], row), await decide(sides[1], row)]
    lastAt = row.at
    replayed++
    if (row.at < from) warmed++
    else tally.count(next, one, other)
  }

  async function run(
    rows: Iterable<ReplayRow>,
    breathe: () => Promise<void> | null,
  ): Promise<void> {
    for (const row of rows) {
      await replay(row)
      if (replayed % BREATH === 0) await breathe()
    }
  }

  return {
    /**
     * Takes records in order of time.
     * @param breathe asked every few requests; a promise is waited for
     */
    async feed(
      records: readonly RecordedRow[],
      breathe: () => Promise<void> | null = () => null,
    ): Promise<{ rows: number; at: number }> {
      for (const record of records) await run(assembly.push(record), breathe)
      return { rows: replayed, at: lastAt ?? records.at(-1)?.at ?? from }
    },
    async finish(breathe: () => Promise<void> | null = () => null): Promise<TrialSummary> {
      await run(assembly.rest(), breathe)
      for (const { decider, core } of sides) {
        await decider.finish()
        core.lines.close()
      }
      return { rows: tally.rows(), hashed: tally.hashed(), warmed, lastAt, ...tally.summary() }
    },
  }
}

export type Trial = ReturnType<typeof createTrial>

/** A service that one of the policies does not name is refused by it. */
async function decide({ core, decider }: Side, row: TrafficRow): Promise<Decided | null> {
  if (core.policy.service(row.service) !== null) return decider.decide(row)
  return {
    decision: {
      id: row.id,
      at: row.at,
      verdict: 'deny',
      would: 'deny',
      score: 0,
      reasons: [
        {
          code: 'service.unknown',
          subject: row.service,
          observed: null,
          limit: null,
          windowMs: null,
        },
      ],
      sent: false,
    },
    priceMicroUsd: row.priceMicroUsd ?? 0,
    number: UNASKED,
  }
}

/** Nothing was looked up. */
const UNASKED: Decided['number'] = {
  e164: '',
  problem: null,
  country: '',
  callingCode: '',
  type: 'UNKNOWN',
  operator: null,
  allocated: true,
  operatorRange: '',
  block: '',
  subBlock: '',
}
