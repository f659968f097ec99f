import { createTurns } from '../../cluster/turns.js'
import type { MeasureAction, Target } from '../../engine/measures.js'
import { SECOND } from '../../engine/units.js'
import type { UpkeepJob } from '../../verify/upkeep.js'
import type { DeskParts } from '../parts.js'
import { LONGEST_MS, SHORTEST_MS, usualDuration } from './durations.js'
import { type KeptMeasure, type Orderer, sameTarget } from './kept-measure.js'
import { createMeasureBook, ended, MAX_IN_FORCE } from './measure-book.js'
import { previewOf } from './previews.js'
import { actionsFor, targetLabel } from './read-target.js'
import { usualTraffic } from './usual-traffic.js'

/** Measures end by the clock of the requests; this files them away, and hears of those that another process ordered. */
const REFRESH_MS = 5 * SECOND
/** Past measures that a duration is worked out from. */
const REMEMBERED = 200

export interface Order {
  target: Target
  action: MeasureAction
  /** ms; as long as is usual when absent */
  durationMs?: number
  /** messages an hour of a throttle; half of the usual peak when absent */
  limit?: number
  incidentId?: string | null
  note?: string | null
  by: Orderer
}

export type Refused = 'not for this target' | 'too many'

export type MeasureEvent = 'applied' | 'extended' | 'undone' | 'replaced' | 'over'
type Listener = (event: MeasureEvent, measure: KeptMeasure) => void

/** Reversible, expiring actions on ranges, networks, countries and services. */
export function createPlaybook(parts: DeskParts) {
  const { ledger, gate, live, clock, random } = parts
  const book = createMeasureBook(ledger)
  const listeners = new Set<Listener>()
  let inForce: KeptMeasure[] = []
  let known = ''
  const turns = createTurns({ leases: ledger, holder: random(12).toString('hex') })
  /** one look at a time, in this process */
  let turn: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  /** One change at a time: two people who order for one target, at any gateway, do not both replace what was there. */
  const alone = <T>(work: () => Promise<T>): Promise<T> =>
    turns.take('playbook', () => inTurn(work))

  /** Hands what is in force to the gate, and files away what is over. */
  async function refresh(): Promise<void> {
    const now = clock()
    const found = await book.inForce()
    const over = found.filter(({ until }) => until <= now)
    for (const measure of over) {
      const filed = await book.change(measure.id, (m) => ended(m, 'over', null, m.until))
      if (filed !== null) tell('over', filed)
    }
    inForce = found.filter(({ until }) => until > now)
    const next = JSON.stringify(inForce.map(({ id, until }) => [id, until]))
    if (next === known) return
    known = next
    gate.setMeasures(inForce)
    live.emit('playbook', { inForce: inForce.length })
  }

  function tell(event: MeasureEvent, measure: KeptMeasure): void {
    for (const listener of listeners) listener(event, measure)
  }

  /** In the audit log before it is in force. */
  async function record(actor: string, what: string, measure: KeptMeasure): Promise<void> {
    const { id, action, target, until, limit, incidentId, note } = measure
    const row = {
      at: clock(),
      actor,
      action: `playbook.${what}`,
      target: `${target.kind}:${targetLabel(target)}`,
      detail: { id, action, service: target.service, until, limit, incidentId, note },
    }
    await ledger.commit([{ table: 'actions', row }])
  }

  async function apply(order: Order): Promise<KeptMeasure | Refused> {
    const { target, action, by } = order
    if (!actionsFor(target.kind).includes(action)) return 'not for this target'
    const now = clock()
    await refresh()
    const same = inForce.filter((m) => sameTarget(m.target, target))
    // an allow and a restriction of one target cannot both be meant, nor one order twice
    const replaced = same.filter(
      (m) => m.action === action || (m.action === 'allow') !== (action === 'allow'),
    )
    if (inForce.length - replaced.length >= MAX_IN_FORCE) return 'too many'
    const durationMs = Math.min(
      LONGEST_MS,
      Math.max(SHORTEST_MS, order.durationMs ?? (await durationOf(target))),
    )
    const limit =
      action === 'throttle'
        ? (order.limit ?? (await usualTraffic(ledger, target, now)).throttle)
        : null
    const measure: KeptMeasure = {
      id: `mea_${now.toString(16).padStart(12, '0')}${random(6).toString('hex')}`,
      target,
      action,
      limit,
      until: now + durationMs,
      startedAt: now,
      durationMs,
      by,
      incidentId: order.incidentId ?? null,
      note: order.note ?? null,
      endedAt: null,
      endedAs: null,
      endedBy: null,
    }
    await record(by.id, 'apply', measure)
    await book.add(measure)
    for (const { id } of replaced) {
      const old = await book.change(id, (m) => ended(m, 'replaced', by, now))
      if (old !== null) tell('replaced', old)
    }
    await refresh()
    tell('applied', measure)
    return measure
  }

  async function durationOf(target: Target): Promise<number> {
    const past = [...(await book.inForce()), ...(await book.past(REMEMBERED))]
    return usualDuration(target, past, clock())
  }

  const jobs: UpkeepJob[] = [{ everyMs: REFRESH_MS, run: () => inTurn(refresh) }]

  return {
    jobs,
    /** Puts into force what the ledger has in force: at the start, and when another gateway changed it. */
    restore: () => inTurn(refresh),
    /** What is in force, newest first. */
    inForce: (): readonly KeptMeasure[] => inForce.filter(({ until }) => until > clock()),
    past: book.past,
    get: book.get,
    /** How long a measure of the target would last unless somebody says otherwise, ms. */
    durationOf,
    preview: (order: Pick<Order, 'target' | 'action' | 'limit'>) => previewOf(parts, order),
    apply: (order: Order) => alone(() => apply(order)),
    /** @returns `null` when it has ended already */
    undo: (id: string, by: Orderer) =>
      alone(async () => {
        const undone = await book.change(id, (m) => ended(m, 'undone', by, clock()))
        if (undone === null) return null
        await refresh()
        await record(by.id, 'undo', undone)
        tell('undone', undone)
        return undone
      }),
    /** Another span from its end on, at most seven days ahead. @returns `null` when it has ended already */
    extend: (id: string, byMs: number, by: Orderer) =>
      alone(async () => {
        const now = clock()
        const extended = await book.change(id, (m) => ({
          ...m,
          until: Math.min(now + LONGEST_MS, Math.max(m.until, now) + byMs),
        }))
        if (extended === null) return null
        await refresh()
        await record(by.id, 'extend', extended)
        tell('extended', extended)
        return extended
      }),
    /** @param listener told of every measure that begins, changes or ends */
    watch(listener: Listener): void {
      listeners.add(listener)
    },
  }
}

export type Playbook = ReturnType<typeof createPlaybook>
