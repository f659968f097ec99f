import type { Fault } from './fault.js'
import type { WireFault } from './fault-proxy.js'
import type { SharedStage } from './shared-stage.js'
import { noSmallDisk } from './small-disk.js'

type LedgerFault = Fault<SharedStage>

const wire = (name: string, what: string, fault: WireFault): LedgerFault => ({
  name,
  what,
  begin: (stage) => stage.setLedger(fault),
  end: (stage) => stage.setLedger(null),
})

/** Every connection is reset, again and again. */
let cutting: NodeJS.Timeout | null = null

/** What happens to the ledger. */
export const POSTGRES_FAULTS: readonly LedgerFault[] = [
  {
    name: 'postgres-restart',
    what: 'PostgreSQL is restarted',
    holdMs: 0,
    begin: ({ postgres }) => postgres.stop(),
    end: ({ postgres }) => postgres.start(),
  },
  {
    name: 'postgres-kill',
    what: 'kill -9 of PostgreSQL, started again after 5 s',
    begin: ({ postgres }) => postgres.kill(),
    end: ({ postgres }) => postgres.start(),
  },
  {
    name: 'postgres-stopped',
    what: 'PostgreSQL stands still (SIGSTOP) for 8 s',
    holdMs: 8_000,
    begin: ({ postgres }) => postgres.pause(),
    end: ({ postgres }) => postgres.resume(),
  },
  {
    name: 'postgres-disk-full',
    what: 'the disk of PostgreSQL is full',
    cannot: noSmallDisk,
    begin: ({ disk }) => disk?.fill(),
    async end({ disk, postgres }) {
      disk?.free()
      // one that could not even write its log ends: somebody makes room and starts it
      if (
        !(await postgres.query('select 1').then(
          () => true,
          () => false,
        ))
      ) {
        await postgres.kill()
        await postgres.start()
      }
    },
  },
  {
    name: 'postgres-cut',
    what: 'connections to PostgreSQL are reset five times a second',
    begin: ({ ledgerWires }) => {
      cutting = setInterval(() => {
        for (const each of ledgerWires) each.cut()
      }, 200)
    },
    end: () => {
      if (cutting !== null) clearInterval(cutting)
    },
  },
  {
    name: 'postgres-partition',
    what: 'one gateway alone does not reach PostgreSQL, for 12 s',
    holdMs: 12_000,
    begin: ({ ledgerWires }) => ledgerWires[0]?.set({ kind: 'partition' }),
    end: ({ ledgerWires }) => ledgerWires[0]?.set(null),
  },
  {
    ...wire('postgres-slow', 'PostgreSQL is 2 s away', { kind: 'latency', ms: 2_000 }),
    // long enough that whole verifications fall into it
    holdMs: 15_000,
  },
  wire('postgres-loss', '20 % of the packets to PostgreSQL are lost', { kind: 'loss', share: 0.2 }),
  wire('postgres-refuses', 'PostgreSQL refuses connections', { kind: 'refuse' }),
  wire('postgres-half-open', 'PostgreSQL has forgotten its connections and tells nobody', {
    kind: 'half-open',
  }),
]
