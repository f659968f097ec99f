import { SECOND } from '../engine/units.js'
import type { Ledger } from '../ledger/port.js'
import type { SpoolCondition } from '../ledger/spool/spooled.js'
import type { Dependency } from './conditions.js'
import type { UpkeepJob } from './upkeep.js'

const SAYS = {
  lost: 'The ledger cannot be written: requests are answered with an error until it can.',
  spooling:
    'The ledger is lost: new codes are sent and recorded on this machine; no code can be checked until it is back.',
  returning: 'The ledger answers again; what was recorded on this machine is written there now.',
  full: 'The ledger is lost and the spool of this gateway is full or too old: no code is sent.',
} as const

/**
 * Whether the ledger answers, looked at every second. @param spooled what waits for it on the own disk, where it is kept
 * there
 */
export function createLedgerWatch({
  ledger,
  clock,
  spooled,
}: {
  ledger: Pick<Ledger, 'healthy'>
  clock: () => number
  spooled?: () => SpoolCondition
}) {
  let lostAt: number | null = null
  const trouble = (state: 'degraded' | 'lost', says: keyof typeof SAYS, since: number | null) => ({
    ...{ name: 'ledger', state, since },
    says: SAYS[says],
  })
  return {
    job: {
      everyMs: SECOND,
      async run() {
        const answers = await ledger.healthy().catch(() => false)
        lostAt = answers ? null : (lostAt ?? clock())
      },
    } satisfies UpkeepJob,
    condition(): Dependency {
      const spool = spooled?.() ?? null
      const figures = { waiting: spool?.waiting ?? 0, spool_bytes: spool?.bytes ?? 0 }
      const since = spool?.since ?? lostAt
      if (spool?.state === 'lost') {
        if (!spool.hasRoom) return { ...trouble('lost', 'full', since), figures }
        const says = lostAt === null ? 'returning' : 'spooling'
        return { ...trouble('degraded', says, since), figures }
      }
      if (lostAt === null) return { name: 'ledger', state: 'ok', since: null, says: '', figures }
      return {
        ...trouble(
          spool === null ? 'lost' : 'degraded',
          spool === null ? 'lost' : 'spooling',
          since,
        ),
        figures,
      }
    },
  }
}
