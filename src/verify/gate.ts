import type { Challenger } from '../challenge/port.js'
import type { Change, Incident } from '../engine/detect/change.js'
import type { Policy } from '../engine/policy.js'
import { type Ledger, LedgerError } from '../ledger/port.js'
import type { SettledRequest } from '../ledger/rows.js'
import { LinesError } from '../lines/degraded/lines-error.js'
import type { Sender } from '../send/port.js'
import { approve, cancel, check } from './check.js'
import { fail, type Life } from './context.js'
import type { Core } from './core.js'
import { assess, decide } from './decide.js'
import { createWatch, incidentsOf } from './incidents.js'
import { tick } from './jobs.js'
import { type Patience, patiently, REQUEST_MS, StoresSlow } from './patience.js'
import { secureRandom } from './random.js'
import { receive } from './receipts.js'
import { report } from './report.js'
import { resend } from './resend.js'
import { review } from './review.js'
import { viewOf } from './rows.js'
import { solve } from './solve.js'
import { start } from './start.js'
import type { Gate, Result } from './types.js'
import { view } from './view.js'

export interface GateOptions {
  core: Core
  ledger: Ledger
  sender: Sender
  challenger: Challenger
  clock: () => number
  /** @default a pool of secure random bytes */
  random?: (bytes: number) => Buffer
  codeSecret: Buffer
  /** time that one request waits for its stores, ms. @default 10 s */
  requestMs?: number
  /** told of faults that no caller should be told of. @default process.emitWarning */
  warn?: (error: Error) => void
  /** told of every charge and settlement that reached the lines */
  applied?: (mark: string) => void
  /** holds the marks of charges that are on the lines and not in the ledger yet */
  unrecorded?: Map<string, SettledRequest>
  /** told of every incident, quarantine and outage that begins or ends, where this gateway leads */
  changed?: (change: Change) => void
  /** id under which an incident is kept already. @default every one is new */
  known?: (incident: Incident) => string | null
  /** whether this gateway does what is done once in its cluster. @default always */
  leads?: () => boolean
  /** other gateways work on the same ledger. @default false */
  shared?: boolean
}

/** The whole of it behind one object: decisions, the verification life cycle, outcomes and due work. */
export function createGate(options: GateOptions): Gate {
  const life: Life = {
    random: secureRandom(),
    requestMs: REQUEST_MS,
    warn: (error) => process.emitWarning(error),
    unrecorded: new Map(),
    ...options,
    inProgress: new Set(),
    owed: [],
    early: [],
    applied: options.applied ?? (() => undefined),
    leads: options.leads ?? (() => true),
    shared: options.shared ?? false,
    watch: createWatch(options),
  }
  const { core, ledger, clock } = life

  async function guarded<T>(
    patience: Patience | undefined,
    work: (patience: Patience) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    try {
      return await (patience === undefined ? patiently(life.requestMs, work, late) : work(patience))
    } catch (error) {
      return troubleOf(error)
    }
  }

  const late = (error: unknown): void =>
    life.warn(error instanceof Error ? error : new Error(String(error)))

  return {
    get policy() {
      return core.policy
    },
    setPolicy: (policy: Policy, version: number) => core.setPolicy(policy, version),
    setLists: (lists) => core.setLists(lists),
    setMeasures: (measures) => core.setMeasures(measures),
    decide: (request, patience) => guarded(patience, () => decide(life, request)),
    assess: (request, patience) => guarded(patience, () => assess(life, request)),
    report: (outcomes) => report(life, outcomes),
    receive: (provider, receipts) => receive(life, provider, receipts),
    start: (request, patience) => guarded(patience, (p) => start(life, p, request)),
    solve: (id, solution, patience) => guarded(patience, (p) => solve(life, p, id, solution)),
    check: (id, code, patience) => guarded(patience, (p) => check(life, p, id, code)),
    resend: (id, more, patience) => guarded(patience, (p) => resend(life, p, id, more)),
    cancel: (id, patience) => guarded(patience, () => cancel(life, id)),
    approve: (id, patience) => guarded(patience, () => approve(life, id)),
    review: (id, answer, patience) => guarded(patience, (p) => review(life, p, id, answer)),
    get: (id, patience) => guarded(patience, () => view(life, id)),
    async find(service, to) {
      const number = core.parseNumber(to)
      if (number.problem !== null) return null
      const row = await ledger.latestVerification(service, number.e164, [
        'sent',
        'challenge_required',
      ])
      return row === null || clock() >= row.expiresAt ? null : viewOf(row)
    },
    tick: () => tick(life),
    async rangeLines(name, path) {
      const service = core.policy.service(name)
      return service === null ? [] : core.rangeLines(name, service, path, clock())
    },
    async exposure() {
      const now = clock()
      const named = Object.keys(core.policy.policy.services)
      const found = named.map(async (name) => {
        const service = core.policy.service(name)
        return service === null ? [] : [await core.exposure(name, service, now)]
      })
      return (await Promise.all(found)).flat()
    },
    sourceFacts: core.sourceFacts,
    parseNumber: core.parseNumber,
    incidents: () => incidentsOf(life),
    quarantines: () => core.detector.quarantines(),
    renameIncident: (id, to) => core.detector.rename(id, to),
  }
}

/** A store in trouble is an expected outcome with its own answer, not a crash. */
function troubleOf(error: unknown): ReturnType<typeof fail> {
  if (error instanceof LedgerError) {
    return fail(
      'ledger_unavailable',
      `nothing was sent or charged: the ledger is ${error.fault}; ${error.hint}`,
    )
  }
  if (error instanceof LinesError)
    return fail('lines_unavailable', `nothing was sent or charged: ${error.hint}`)
  if (error instanceof StoresSlow) return fail('stores_slow', error.message)
  throw error
}
