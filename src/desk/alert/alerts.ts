import { alone } from '../../cluster/leader.js'
import type { Change } from '../../engine/detect/change.js'
import { SECOND } from '../../engine/units.js'
import { collection } from '../../ledger/collection.js'
import type { ReadPeaks } from '../../report/usual-peaks.js'
import type { UpkeepJob } from '../../verify/upkeep.js'
import type { DeskParts } from '../parts.js'
import type { KeptMeasure } from '../playbook/kept-measure.js'
import type { MeasureEvent } from '../playbook/playbook.js'
import { createAlarmBook } from './alarm-book.js'
import { createDeliveries, type DeliveryRecord } from './deliveries.js'
import { evaluate, isConversionLow, type Observation, type ServiceView } from './evaluate.js'
import type { Notice, ReportNotice } from './finding.js'
import { createHandOver, type Handed } from './hand-over.js'
import { createMeasures } from './measures.js'
import { observe } from './observe.js'
import { createPost } from './post.js'
import { createRules } from './rule-book.js'
import { atLeastSevere } from './rules.js'
import type { SinkType } from './sink.js'
import { createSinks } from './sinks.js'
import { testNotice } from './test-notice.js'

const EVALUATE_MS = 15 * SECOND
const DELIVER_MS = SECOND
/** How often a gateway that does not lead reads what the one that does has found. */
const FOLLOW_MS = 5 * SECOND

const RESULTS = {
  ...{ waiting: 'retried', delivered: 'delivered', failed: 'given_up', dropped: 'dropped' },
} as const satisfies Record<DeliveryRecord['state'], string>

/** What became of messages to sinks of a type. */
export interface SinkResult {
  type: SinkType | 'removed'
  result: (typeof RESULTS)[keyof typeof RESULTS]
  count: number
}

export interface AlertsOptions {
  /** a kept report as HTML, for letters */
  htmlOf: (notice: ReportNotice) => Promise<string | null>
  /** entries of the watch list that requests met lately */
  met: (now: number) => Observation['met']
  /** what is usual of each service */
  peaks: ReadPeaks
}

/** Rules that watch, and sinks that are told. */
export function createAlerts(parts: DeskParts, { htmlOf, met, peaks }: AlertsOptions) {
  const { clock, random, live, ledger, gate, sender, deployment, warn, leader = alone } = parts
  const stop = new AbortController()
  const sinks = createSinks(parts)
  const rules = createRules(parts)
  const measures = createMeasures()
  const allowPrivate = deployment.allowPrivateSinks ?? false
  const handOver = createHandOver({
    post: createPost({ allowPrivate, signal: stop.signal }),
    allowPrivate,
    publicUrl: deployment.publicUrl,
    signal: stop.signal,
    htmlOf,
  })
  const deliveries = createDeliveries({
    records: collection<DeliveryRecord>(ledger, 'alert-delivery'),
    sink: (id) => sinks.opened(id),
    handOver,
    clock,
    random,
    changed(record) {
      count(record)
      const { sink, state, attempts, answer, status } = record
      live.emit('alert', { sink, delivery: state })
      // whoever is to be told may have nothing but the log left
      const to = `${record.notice.type} message to the sink ${sinks.get(sink)?.name ?? sink}`
      const why = status === null ? answer : `HTTP ${status}`
      if (state === 'failed') warn(new Error(`given up: ${to}: ${why}`))
      else if (state === 'waiting' && attempts === 1)
        warn(new Error(`not delivered yet: ${to}: ${why}`))
    },
    warn,
  })

  /** what became of attempts and messages, by type of sink */
  const results = new Map<string, SinkResult>()
  const typeOf = (sink: string): SinkType | 'removed' => sinks.get(sink)?.place.type ?? 'removed'
  function count({ sink, state }: DeliveryRecord): void {
    const [type, result] = [typeOf(sink), RESULTS[state]]
    const one = results.get(`${type} ${result}`) ?? { type, result, count: 0 }
    one.count++
    results.set(`${type} ${result}`, one)
  }

  /** Sinks that want to hear of it. */
  const heardBy = (notice: Notice) =>
    sinks.all().flatMap(([id, { enabled, minimum, reports }]) => {
      const wanted =
        notice.type === 'report'
          ? reports.includes(notice.kind)
          : atLeastSevere(notice.alarm.severity, minimum)
      const sink = enabled && wanted ? sinks.opened(id) : null
      return sink === null ? [] : [sink]
    })

  async function tell(notice: Notice): Promise<void> {
    for (const sink of heardBy(notice)) await deliveries.add(sink, notice)
  }

  const book = createAlarmBook({
    kept: collection(ledger, 'alert'),
    turns: leader.shared ? collection(ledger, 'alert-turn') : null,
    tell,
    /** The ledger takes nothing: what is to be said about it is said at once, and once. */
    async tellUnkept(notice) {
      const at = clock()
      const id = `${notice.alarm.id}:${notice.kind}`
      await Promise.all(heardBy(notice).map((sink) => handOver(sink, notice, { id, at })))
    },
    warn,
  })

  let loaded: Promise<void> | null = null
  const reread = async (): Promise<void> => {
    await Promise.all([sinks.load(), rules.load()])
  }
  const load = (): Promise<void> => {
    loaded ??= reread()
      .then(() => book.load())
      .catch((error: unknown) => {
        // an empty start would tell everything anew; the next run reads again
        loaded = null
        throw error
      })
    return loaded
  }

  async function judge(): Promise<void> {
    const now = clock()
    // measured first: reads of a ledger in trouble fail one by one
    const ledgerHealthy = await ledger.healthy().catch(() => false)
    const overrides = rules.overrides()
    const isLow = (quarter: ServiceView['quarter']) => isConversionLow(quarter, overrides)
    const seen = await observe({ ledger, gate, peaks, isLow }, now, warn)
    const { findings, judged } = evaluate(
      {
        ...seen,
        incidents: gate.incidents(),
        providers: sender.health(),
        ledgerHealthy,
        trouble: parts.conditions?.trouble() ?? [],
        measures: measures.inForce(now),
        met: met(now),
      },
      overrides,
    )
    const changes = await book.step(findings, judged, now)
    for (const { rule, state, severity } of changes) live.emit('alert', { rule, state, severity })
  }

  const follow: UpkeepJob = {
    everyMs: FOLLOW_MS,
    async run() {
      await reread()
      await book.load({ telling: false })
    },
  }

  let judgedAt = Number.NEGATIVE_INFINITY
  let urgent = false
  const jobs: UpkeepJob[] = [
    {
      everyMs: DELIVER_MS,
      async run() {
        await load()
        deliveries.tick(sinks.all().map(([id]) => id))
        const now = clock()
        if (!urgent && now - judgedAt < EVALUATE_MS && now >= judgedAt) return
        urgent = false
        judgedAt = now
        // sinks and rules may have been changed at another gateway
        if (leader.shared) await reread()
        await judge()
      },
    },
  ]

  return {
    jobs,
    follow,
    /** Another gateway told of them until now: everything is read again, and what it had no time to tell is told. */
    takeOver(): Promise<void> {
      loaded = null
      urgent = true
      return load()
    },
    reread,
    sinks,
    rules,
    deliveries,
    /** for metrics */
    figures: () => ({
      results: [...results.values()],
      waiting: deliveries.waiting().map(({ sink, ...more }) => ({ type: typeOf(sink), ...more })),
    }),
    firing: book.firing,
    past: book.past,
    load,
    /** Judges everything now. */
    judge: () => load().then(judge),
    /** Told of every change of the detector: what it says is judged within a second. */
    changed(change: Change): void {
      measures.changed(change)
      if (change.type !== 'incident' || change.event !== 'updated') urgent = true
    },
    /** Told of every measure of the playbook: those that nobody ordered are told on. */
    measured(event: MeasureEvent, measure: KeptMeasure): void {
      if (measures.measured(event, measure)) urgent = true
    },
    tellReport: (notice: ReportNotice) => load().then(() => tell(notice)),
    /** Sends one message to a sink now, off or on, and says what it answered. */
    async test(id: string): Promise<Handed | null> {
      const sink = sinks.opened(id, { off: true })
      if (sink === null) return null
      const at = clock()
      return handOver(sink, testNotice(at), { id: `test_${random(9).toString('hex')}`, at })
    },
    /** Ends what is under way; what was not delivered waits in the ledger. */
    async close(): Promise<void> {
      const ended = deliveries.stop()
      stop.abort()
      await ended
    },
  }
}

export type Alerts = ReturnType<typeof createAlerts>
