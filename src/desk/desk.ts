import { alone } from '../cluster/leader.js'
import type { Change } from '../engine/detect/change.js'
import { MINUTE, SECOND } from '../engine/units.js'
import { usualPeaks } from '../report/usual-peaks.js'
import { MORE, type UpkeepJob } from '../verify/upkeep.js'
import { createAccess } from './access/access.js'
import { createAlerts } from './alert/alerts.js'
import { createBacktest } from './backtest/backtest.js'
import { createReplays } from './backtest/replays.js'
import { createIncidentBook } from './incidents/book.js'
import { createListBook } from './lists/list-book.js'
import { createWatch } from './lists/watch.js'
import type { DeskParts } from './parts.js'
import { createAutomatic } from './playbook/automatic.js'
import { createPlaybook } from './playbook/playbook.js'
import { createPublisher } from './policies/publisher.js'
import { createReports } from './reports/reports.js'
import { createReview } from './review/review.js'

/** How often new rows are counted, and how many at a time: a step takes some ms of the event loop. */
const ROLL_UP_MS = SECOND
const ROLL_UP_ROWS = 2_000

/** Everything that people work with: what the console's routes call, and what runs behind it. */
export async function openDesk(parts: DeskParts) {
  const { leader = alone } = parts
  const access = createAccess(parts, parts.signIn)
  const backtest = createBacktest(parts)
  const replays = createReplays(parts, { backtest })
  const lists = createListBook(parts)
  const watch = createWatch(parts, { book: lists })
  const playbook = createPlaybook(parts)
  const incidents = createIncidentBook(parts, {
    playbook,
    backtest,
    act: createAutomatic(parts, playbook),
  })
  const publisher = createPublisher(parts, { backtest })
  const review = createReview(parts)
  const reports = createReports(parts)
  const peaks = usualPeaks(parts.ledger)
  const alerts = createAlerts(parts, { htmlOf: reports.htmlOf, met: watch.met, peaks })
  reports.told(alerts.tellReport)
  playbook.watch((event, measure) => alerts.measured(event, measure))

  await playbook.restore()
  if (leader.shared) {
    leader.onTakeOver(incidents.takeOver)
    leader.onTakeOver(watch.takeOver)
    leader.onTakeOver(async () => {
      for (const measure of playbook.inForce()) alerts.measured('applied', measure)
      for (const quarantine of parts.gate.quarantines())
        alerts.changed({ type: 'quarantine', event: 'begun', quarantine })
      await alerts.takeOver()
    })
  } else await incidents.restore()

  /** Done by one gateway of a cluster. */
  const once: UpkeepJob[] = [
    ...alerts.jobs,
    watch.job,
    ...reports.jobs,
    ...review.jobs,
    ...(leader.shared ? [{ everyMs: MINUTE, run: incidents.takeOver }] : []),
    {
      everyMs: ROLL_UP_MS,
      async run() {
        const rows = await parts.ledger.rollUp(ROLL_UP_ROWS, parts.clock())
        if (rows > 0) parts.live.emit('tally')
        return rows < ROLL_UP_ROWS ? undefined : MORE
      },
    },
  ]
  /** Done by those that do not lead, so that they know what the other one does. */
  const following: UpkeepJob[] = leader.shared ? [incidents.follow, alerts.follow] : []
  const jobs: UpkeepJob[] = [
    ...playbook.jobs,
    ...once.map((job) => ({ ...job, run: async () => (leader.leads() ? job.run() : undefined) })),
    ...following.map((job) => ({
      ...job,
      run: async () => (leader.leads() ? undefined : job.run()),
    })),
  ]

  return {
    ...parts,
    access,
    incidents,
    backtest,
    replays,
    lists,
    watch,
    playbook,
    publisher,
    review,
    alerts,
    reports,
    peaks,
    jobs,
    /** Id under which an incident that the detector opened is kept already. */
    known: incidents.known,
    /** Told of every incident, quarantine and outage that begins or ends. */
    changed(change: Change): void {
      incidents.changed(change)
      alerts.changed(change)
    },
    /** Ends what works behind the console. */
    async close(): Promise<void> {
      replays.close()
      await alerts.close()
    },
  }
}

export type Desk = Awaited<ReturnType<typeof openDesk>>
