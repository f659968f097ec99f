import { SECOND } from '../engine/units.js'
import type { LeaseStore } from '../ledger/leases.js'

/** A gateway that dies is replaced after this at the latest, and one renewal: within 10 s. */
const TTL_MS = 6 * SECOND
const RENEW_MS = 2 * SECOND
/** Kept back of what the lease allows: a step that has begun must end before somebody else may lead. */
const MARGIN_MS = SECOND

export interface Leader {
  /** Whether this gateway does now what is done once in the cluster. Asked anew before each step. */
  leads(): boolean
  /** Whether anybody else may lead: false where this gateway is alone on its ledger. */
  shared: boolean
  /** From here on it may lead: everybody who has something to take over has said so. */
  begin(): Promise<void>
  /** Takes the lease or renews it, and takes over what the one before left. Every `everyMs`. */
  step(): Promise<void>
  everyMs: number
  /** @param work done between gaining the lead and using it; when it fails, somebody else may try */
  onTakeOver(work: () => Promise<void>): void
  /** Lets another gateway take over at once. */
  resign(): Promise<void>
}

/** A gateway that is alone on its ledger. */
export const alone: Leader = {
  leads: () => true,
  shared: false,
  begin: async () => undefined,
  step: async () => undefined,
  everyMs: RENEW_MS,
  onTakeOver: () => undefined,
  resign: async () => undefined,
}

export interface LeaderOptions {
  leases: LeaseStore
  /** of this process alone */
  holder: string
  /** ms that only go forward, also while the clock of the machine is set. @default performance.now */
  monotonic?: () => number
}

/**
 * Jobs that are done once in a cluster are done by whoever has this lease. Its end is reckoned from before the call that
 * took it, on a clock that nobody sets: a process that was stopped for a while knows, when it goes on, that it no longer
 * leads. Announcements are besides made under compare-and-set; nobody's money depends on there being one leader.
 */
export function createLeader(options: LeaderOptions): Leader {
  const { leases, holder, monotonic = () => performance.now() } = options
  const handlers: (() => Promise<void>)[] = []
  let until = Number.NEGATIVE_INFINITY
  let ready = false
  /** the lease was never lost since this gateway began to take over */
  let unbroken = false
  let takingOver: Promise<void> | null = null
  let begun = false
  let resigned = false

  const holds = (): boolean => monotonic() < until

  /** Takes the lease, or keeps it. @returns whether it has it */
  async function hold(): Promise<boolean> {
    const since = monotonic()
    // lost in between, even if nobody took it: what others may have done is read again
    if (!holds()) ready = unbroken = false
    const taken = await leases.lease('leader', holder, TTL_MS)
    if (!taken || resigned) {
      until = Number.NEGATIVE_INFINITY
      ready = false
      return false
    }
    until = since + TTL_MS - MARGIN_MS
    return true
  }

  async function step(): Promise<void> {
    if (!begun || resigned) return
    if (!(await hold()) || ready || takingOver !== null) return
    takingOver = takeOver().finally(() => {
      takingOver = null
    })
    await takingOver
  }

  async function takeOver(): Promise<void> {
    unbroken = true
    // reading it all may take longer than the lease, and the next step waits until it is done
    const renewing = setInterval(() => {
      // one that fails shows when the lease has run out
      if (!resigned) hold().catch(() => undefined)
    }, RENEW_MS)
    try {
      for (const work of handlers) await work()
      ready = unbroken && holds()
    } finally {
      clearInterval(renewing)
    }
  }

  return {
    leads: () => ready && holds(),
    shared: true,
    everyMs: RENEW_MS,
    step,
    async begin() {
      begun = true
      await step()
    },
    onTakeOver(work) {
      handlers.push(work)
    },
    async resign() {
      resigned = true
      until = Number.NEGATIVE_INFINITY
      await leases.releaseLease('leader', holder)
    },
  }
}
