import type { Ledger } from '../ledger/port.js'
import type { SpooledLedger } from '../ledger/spool/spooled.js'
import { createClockWatch, stepText } from '../verify/clock-watch.js'
import type { Conditions } from '../verify/conditions.js'
import type { FailurePolicy } from '../verify/failure.js'
import { createLedgerWatch } from '../verify/ledger-watch.js'
import type { UpkeepJob } from '../verify/upkeep.js'

const isSpooled = (ledger: Ledger): ledger is SpooledLedger => 'spooled' in ledger

/** Puts ledger and clock of a gateway under watch. @returns what has to be done for it */
export function watchGateway({
  ledger,
  clock,
  failure,
  conditions,
  warn,
}: {
  ledger: Ledger
  clock: () => number
  failure: FailurePolicy
  conditions: Conditions
  warn: (what: object, text: string) => void
}): UpkeepJob[] {
  const recorded = createLedgerWatch({
    ...{ ledger, clock },
    ...(isSpooled(ledger) && { spooled: () => ledger.spooled() }),
  })
  const time = createClockWatch({
    clock,
    stepMs: failure.clockStepMs,
    onStep: (byMs) => warn({ byMs }, `the clock was ${stepText(byMs)}`),
  })
  conditions.add(recorded.condition)
  conditions.add(time.condition)
  return [recorded.job, time.job]
}
