import { MINUTE, SECOND } from '../engine/units.js'
import { collection } from '../ledger/collection.js'
import type { ConsoleStore } from '../ledger/console-port.js'

/** Kind of the documents in which gateways say that they run. */
export const ROSTER_KIND = 'gateway'
const BEAT_MS = 5 * SECOND
/** Last heard of before this, a gateway is gone; clocks of gateways that differ by less miss nobody. */
export const GONE_MS = 20 * SECOND
/** Gateways that are read at most; `failure.gateways` has the same bound. */
const MOST = 1_000
/** Shares are fractions such as a third: their sum is one but for rounding. */
const ROUNDING = 1e-6
/** Of gateways that are replaced one by one, the old and the new are both there for a moment. */
const PATIENCE_MS = MINUTE

/** What a gateway says of itself while it runs. */
export interface Member {
  gateway: string
  /** part of the credit that it gives alone when the shared lines are lost, 0 to 1; 0 where it gives none */
  share: number
}

/** Those that run (`text`), and what all of them give together when the lines are lost: 1 is the whole credit, once. */
export interface Roster {
  members: Member[]
  text: string
  share: number
  /** more than once the credit, or less; `null` where it is once */
  says: string | null
  /** the bound in money does not hold while the lines are lost */
  tooMuch: boolean
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

const runText = (n: number): string =>
  n === 0 ? 'no gateway runs now' : n === 1 ? '1 gateway runs' : `${n} gateways run`

/** @param gateways what is configured here */
export function rosterOf(members: readonly Member[], gateways: number): Roster {
  const share = members.reduce((sum, member) => sum + member.share, 0)
  const tooMuch = share > 1 + ROUNDING
  const run = runText(members.length)
  const give = `${run}, and when the shared lines are lost they give ${percent(share)} of the credit`
  const says = tooMuch
    ? `${give}: the bound does not hold then. Set failure.gateways to ${members.length} at all of them (it is ${gateways} here).`
    : share > 0 && share < 1 - ROUNDING
      ? `${give}: people are challenged sooner then. failure.gateways is ${gateways} here, which is right where as many may run.`
      : null
  return { members: [...members], text: run, share, says, tooMuch }
}

export interface RosterOptions {
  ledger: ConsoleStore
  /** of this process alone */
  holder: string
  /** this gateway */
  self: Member
  /** `failure.gateways` as it is configured here */
  gateways: number
  /** Unix ms */
  clock: () => number
  /** told once, when more credit than there is has been given away for a minute, and again when that ended and came back */
  warn: (roster: Roster) => void
}

/** Gateways of a cluster tell each other that they run: how many share the credit is configured, and may be wrong. */
export function createRoster({ ledger, holder, self, gateways, clock, warn }: RosterOptions) {
  const kept = collection<Member>(ledger, ROSTER_KIND)
  let last = rosterOf([self], gateways)
  let since: number | null = null
  let warned = false
  let left = false

  async function beat(): Promise<void> {
    if (left) return
    const now = clock()
    await kept.put({ id: holder, at: now, expiresAt: now + GONE_MS, value: self })
    const found = await kept.list({ from: now - GONE_MS, limit: MOST })
    last = rosterOf(
      found.map(({ value: { gateway, share } }) => ({ gateway, share })),
      gateways,
    )
    since = last.tooMuch ? (since ?? now) : null
    if (since === null) warned = false
    else if (!warned && now - since >= PATIENCE_MS) {
      warned = true
      warn(last)
    }
  }

  return {
    job: { everyMs: BEAT_MS, run: beat },
    now: (): Roster => last,
    /** The roster as a dependency: in trouble while its gateways would give more credit than there is. */
    condition() {
      const { members, share, says } = last
      return {
        name: 'gateways',
        state: warned ? ('degraded' as const) : ('ok' as const),
        since: warned ? since : null,
        says: warned ? (says ?? '') : '',
        figures: { running: members.length, configured: gateways, share },
      }
    },
    async leave(): Promise<void> {
      left = true
      await kept.remove(holder)
    },
  }
}
