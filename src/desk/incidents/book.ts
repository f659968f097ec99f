import type { Change, Incident, QuarantineChange } from '../../engine/detect/change.js'
import type { Target } from '../../engine/measures.js'
import { HOUR, SECOND } from '../../engine/units.js'
import { type Collection, collection } from '../../ledger/collection.js'
import type { UpkeepJob } from '../../verify/upkeep.js'
import type { Backtest } from '../backtest/backtest.js'
import type { DeskParts } from '../parts.js'
import type { KeptMeasure } from '../playbook/kept-measure.js'
import type { MeasureEvent, Playbook } from '../playbook/playbook.js'
import { targetLabel } from '../playbook/read-target.js'
import { createAnalyses } from './analysis.js'
import { createDossiers } from './dossier.js'
import { type KeptIncident, MAX_NOTES, type TimelineEntry, withEntry } from './kept-incident.js'
import { forgotten, merged } from './merge.js'
import { isSameIncident } from './same-incident.js'

/** `parent` of the documents. */
const RUNNING = 'running'
const OVER = 'over'
/** Attacks that run at once are few; this bounds what a start reads. */
const MAX_RUNNING = 1_000
const LONGEST_NOTE = 2_000
/** How often a gateway that does not lead looks which incidents are kept under which id. */
const FOLLOW_MS = 2 * SECOND
/** A kept incident that this gateway's detector does not see may still come; after the quiet that closes one it will not. */
const LOST_AFTER_MS = HOUR

/** Incidents as they are kept: figures, timeline, notes. They outlive the process that saw them. */
export function createIncidentBook(
  parts: DeskParts,
  {
    playbook,
    backtest,
    act,
  }: { playbook: Playbook; backtest: Backtest; act: (incident: Incident) => Promise<void> },
) {
  const { ledger, gate, live, clock, warn } = parts
  const kept: Collection<KeptIncident> = collection<KeptIncident>(ledger, 'incident')
  /** changes are merged one after the other, in the order they came */
  let turn: Promise<void> = Promise.resolve()

  function inTurn(work: () => Promise<void>): Promise<void> {
    turn = turn.then(work).catch((error: unknown) => {
      warn(error instanceof Error ? error : new Error(String(error)))
    })
    return turn
  }

  /** Reads, changes and writes; a note that comes in between is not lost. */
  async function write(
    id: string,
    change: (was: KeptIncident | null) => KeptIncident | null,
  ): Promise<KeptIncident | null> {
    for (;;) {
      const row = await kept.get(id)
      const next = change(row?.value ?? null)
      if (next === null) return null
      const parent = next.state === 'closed' ? OVER : RUNNING
      if (await kept.put({ id, at: next.openedAt, value: next, parent }, row?.version ?? 0))
        return next
    }
  }

  async function keep(incident: Incident, event: string): Promise<void> {
    const next = await write(incident.id, (was) => merged(was, incident, clock()))
    if (next === null) return
    const { id, state, service, countries, lostMicroUsd } = next
    live.emit('incident', { id, event, state, service, countries, lostMicroUsd })
    if (event === 'opened' || event === 'updated') await act(incident)
  }

  const running = async (): Promise<KeptIncident[]> =>
    (await kept.list({ parent: RUNNING, limit: MAX_RUNNING })).map(({ value }) => value)

  /** kept and running, and not (yet) seen by the detector of this gateway */
  let unseen: KeptIncident[] = []

  /** Lets what this detector sees go on under the ids that it is kept under. */
  async function adopt(): Promise<void> {
    const keptOnes = await running()
    const ids = new Set(keptOnes.map(({ id }) => id))
    const here = gate.incidents().filter(({ state }) => state !== 'closed')
    const seen = new Set(here.map(({ id }) => id))
    const unnamed = here.filter(({ id }) => !ids.has(id))
    unseen = keptOnes.filter((one) => {
      if (seen.has(one.id)) return false
      const at = unnamed.findIndex((incident) => isSameIncident(one, incident))
      const [same] = at < 0 ? [] : unnamed.splice(at, 1)
      return same === undefined || !gate.renameIncident(same.id, one.id)
    })
  }

  /** This gateway leads from now on: everything its detector knows is kept, and nothing is opened twice. */
  async function takeOver(): Promise<void> {
    await adopt()
    const keptOnes = new Set((await running()).map(({ id }) => id))
    for (const incident of gate.incidents())
      if (incident.state !== 'closed' || keptOnes.has(incident.id))
        await keep(structuredClone(incident), 'restored')
    for (const { id, updatedAt } of unseen)
      if (clock() - updatedAt >= LOST_AFTER_MS)
        await write(id, (was) => (was === null ? null : forgotten(was, clock())))
  }

  const follow: UpkeepJob = { everyMs: FOLLOW_MS, run: () => inTurn(adopt) }

  /** An entry in the timeline of every running incident it belongs to. */
  async function enter(
    isOf: (incident: KeptIncident) => boolean,
    entry: Omit<TimelineEntry, 'count'>,
  ): Promise<void> {
    for (const incident of await running()) {
      if (!isOf(incident)) continue
      await write(incident.id, (was) =>
        was === null ? null : { ...was, timeline: withEntry(was.timeline, entry) },
      )
      live.emit('incident', { id: incident.id, event: entry.event })
    }
  }

  async function quarantined(event: 'begun' | 'ended', q: QuarantineChange): Promise<void> {
    await enter(
      (incident) =>
        incident.kind === 'attack' &&
        incident.service === q.service &&
        incident.ranges.some(({ key }) => covers(key, q)),
      {
        at: clock(),
        event: event === 'begun' ? 'quarantine begun' : 'quarantine ended',
        subjects: [q.key],
        by: null,
        detail: q.because,
      },
    )
  }

  async function measured(event: MeasureEvent, measure: KeptMeasure): Promise<void> {
    const { target, action, incidentId, by, endedBy } = measure
    const entry = {
      at: event === 'over' ? (measure.endedAt ?? clock()) : clock(),
      event: `measure ${event}` as const,
      subjects: [targetLabel(target)],
      by: event === 'applied' || event === 'extended' ? by.name : (endedBy?.name ?? null),
      detail: action,
    }
    await enter(({ id, ...rest }) => id === incidentId || concerns(target, rest), entry)
  }

  playbook.watch((event, measure) => {
    inTurn(() => measured(event, measure))
  })

  return {
    dossier: createDossiers(parts),
    analyses: createAnalyses(parts, backtest),
    /** Told of every incident, quarantine and outage that begins or ends. */
    changed(change: Change): void {
      inTurn(async () => {
        if (change.type === 'incident') return keep(structuredClone(change.incident), change.event)
        if (change.type === 'quarantine') return quarantined(change.event, change.quarantine)
        const { service, country, event } = change
        await enter((i) => i.service === service && i.countries.includes(country), {
          at: clock(),
          event: event === 'begun' ? 'outage begun' : 'outage ended',
          subjects: [country],
          by: null,
          detail: null,
        })
      })
    },
    /** In a cluster: at each change of the lead, and by those who do not lead. */
    takeOver: () => inTurn(takeOver),
    follow,
    /** Id under which an incident that the detector has just opened is kept already; `null`: it is new. */
    known(incident: Incident): string | null {
      const at = unseen.findIndex((one) => isSameIncident(one, incident))
      const [same] = at < 0 ? [] : unseen.splice(at, 1)
      return same?.id ?? null
    },
    /** At the start: what the detector still knows goes on, the rest is closed as not seen any more. */
    restore: () =>
      inTurn(async () => {
        const seen = new Map(gate.incidents().map((incident) => [incident.id, incident]))
        for (const { id } of await running())
          if (!seen.has(id))
            await write(id, (was) => (was === null ? null : forgotten(was, clock())))
        for (const incident of seen.values())
          if (incident.state !== 'closed') await keep(structuredClone(incident), 'restored')
      }),
    /** Resolves when everything told so far is kept. */
    settled: () => turn,
    /** As kept, with the detector's latest figures while it runs. */
    async get(id: string): Promise<KeptIncident | null> {
      const found = (await kept.get(id))?.value ?? null
      if (found === null || found.state === 'closed') return found
      const now = gate.incidents().find((incident) => incident.id === id)
      return now === undefined ? found : { ...merged(found, now, found.updatedAt) }
    },
    /** Running ones first, then by when they opened, newest first. */
    async list(
      filter: { limit: number; before?: { at: number; id: string } } = { limit: 50 },
    ): Promise<{ running: KeptIncident[]; over: KeptIncident[] }> {
      const over = await kept.list({ parent: OVER, ...filter })
      const open = filter.before === undefined ? await running() : []
      const latest = new Map(gate.incidents().map((incident) => [incident.id, incident]))
      return {
        running: open.map((incident) => {
          const now = latest.get(incident.id)
          return now === undefined ? incident : merged(incident, now, incident.updatedAt)
        }),
        over: over.map(({ value }) => value),
      }
    },
    /** @returns `null` when there is no such incident, or it has all the notes it can hold */
    async note(id: string, text: string, by: { id: string; name: string }) {
      const note = { at: clock(), by: by.name, text: text.slice(0, LONGEST_NOTE) }
      const next = await write(id, (was) =>
        was === null || was.notes.length >= MAX_NOTES
          ? null
          : { ...was, notes: [...was.notes, note] },
      )
      if (next === null) return null
      const row = { at: note.at, actor: by.id, action: 'incident.note', target: id, detail: null }
      await ledger.commit([{ table: 'actions', row }])
      live.emit('incident', { id, event: 'note' })
      return note
    },
  }
}

/** A named range holds a quarantined one. */
const covers = (key: string, { key: inner, operatorRange, country }: QuarantineChange): boolean =>
  inner.startsWith(key) || operatorRange === key || country === key || key === '*'

/** A measure has to do with an incident: one of its ranges or sources, or what holds them. */
function concerns({ kind, key, service }: Target, incident: Omit<KeptIncident, 'id'>): boolean {
  if (service !== null && service !== incident.service) return false
  switch (kind) {
    case 'service':
      return key === incident.service
    case 'country':
      return incident.countries.includes(key)
    case 'operator':
      return incident.ranges.some(({ operatorRange }) => operatorRange === key)
    case 'range':
      return incident.ranges.some((range) => range.key.startsWith(key) || key.startsWith(range.key))
    default:
      return incident.sources.some((source) => source.kind === kind && source.key === key)
  }
}
