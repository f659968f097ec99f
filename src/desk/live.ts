/** What pages are told while they are open: a kind, so that they know what to read again, and a few words. */
const LIVE_KINDS = [
  'tally',
  'incident',
  'playbook',
  'policy',
  'review',
  'list',
  'alert',
  'report',
  'access',
  'trouble',
] as const
export type LiveKind = (typeof LIVE_KINDS)[number]

export interface LiveEvent {
  /** grows by one; a gap means that something was missed */
  id: number
  at: number
  kind: LiveKind
  /** never a full number, a code or a secret: every viewer sees it */
  data: Record<string, unknown>
}

export interface Live {
  emit(kind: LiveKind, data?: Record<string, unknown>): void
  /** events after an id that are still remembered; `null` when some of them are gone: read everything again */
  since(id: number): LiveEvent[] | null
  /** @returns ends the subscription */
  subscribe(listener: (event: LiveEvent) => void): () => void
  /** id of the last event */
  last(): number
}

/** Events that an interrupted stream can catch up with. */
const REMEMBERED = 500

/** @param first id of the first event; later than any of an earlier process, so that a page of before reads anew */
export function createLive({ clock, first }: { clock: () => number; first: number }): Live {
  const events: LiveEvent[] = []
  const listeners = new Set<(event: LiveEvent) => void>()
  let last = first
  return {
    emit(kind, data = {}) {
      const event = { id: ++last, at: clock(), kind, data }
      events.push(event)
      if (events.length > REMEMBERED) events.shift()
      for (const listener of listeners) listener(event)
    },
    since(id) {
      if (id > last || id < (events[0]?.id ?? last + 1) - 1) return null
      return events.filter((event) => event.id > id)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    last: () => last,
  }
}
