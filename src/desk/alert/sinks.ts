import { DAY } from '../../engine/units.js'
import { collection } from '../../ledger/collection.js'
import type { DeskParts } from '../parts.js'
import { createSeal } from './seal.js'
import type { OpenSink, Sink } from './sink.js'

/** Sinks of one gateway: more are a mistake. */
export const MOST_SINKS = 50

/** For so long a webhook's messages are signed with the secret before the newest too, ms. */
export const FORMER_MS = DAY

/** What an operator writes. `secret`: a new one; absent: the one that is there stays; `null`: none. */
export interface SinkDraft extends Omit<Sink, 'secret' | 'former' | 'createdAt'> {
  secret?: string | null
  /** the secret that is replaced is still signed with for a while. @default false */
  overlap?: boolean
}

/** The sinks, with their secrets sealed at rest, in memory: read at the start, and again when another gateway may have changed them. */
export function createSinks(parts: Pick<DeskParts, 'ledger' | 'deskKey' | 'random' | 'clock'>) {
  const kept = collection<Sink>(parts.ledger, 'alert-sink')
  const { seal, open } = createSeal(parts.deskKey, parts.random)
  const sinks = new Map<string, Sink>()

  return {
    async load(): Promise<void> {
      const found = await kept.list({ limit: MOST_SINKS })
      sinks.clear()
      for (const { id, value } of found) sinks.set(id, value)
    },
    all: (): [string, Sink][] => [...sinks].sort(([, a], [, b]) => a.createdAt - b.createdAt),
    get: (id: string): Sink | null => sinks.get(id) ?? null,
    /** @returns `null` when there is none, or it is off */
    opened(id: string, even: { off: boolean } = { off: false }): OpenSink | null {
      const sink = sinks.get(id)
      if (sink === undefined || (!sink.enabled && !even.off)) return null
      const { secret, former, ...rest } = sink
      return {
        ...{ ...rest, id, secret: secret === null ? null : open(secret, id) },
        ...(former !== undefined &&
          former.until > parts.clock() && { former: open(former.secret, id) }),
      }
    },
    /** @param id `null`: a new one */
    async put(id: string | null, { secret, overlap, ...draft }: SinkDraft): Promise<string> {
      const before = id === null ? undefined : sinks.get(id)
      const place = id ?? `snk_${parts.random(9).toString('hex')}`
      const sealed =
        secret === undefined
          ? (before?.secret ?? null)
          : secret === null
            ? null
            : seal(secret, place)
      const former =
        secret === undefined
          ? before?.former
          : overlap && before?.secret
            ? { secret: before.secret, until: parts.clock() + FORMER_MS }
            : undefined
      const sink = {
        ...{ ...draft, secret: sealed, createdAt: before?.createdAt ?? parts.clock() },
        ...(former !== undefined && { former }),
      }
      await kept.put({ id: place, at: sink.createdAt, value: sink })
      sinks.set(place, sink)
      return place
    },
    /** For when nobody can open them: secrets go, and their sinks are off until they have another. @returns their names */
    async giveUpSecrets(): Promise<string[]> {
      const lost = [...sinks].filter(([, { secret }]) => secret !== null)
      for (const [id, { former: _lost, ...sink }] of lost) {
        const off = { ...sink, enabled: false, secret: null }
        await kept.put({ id, at: sink.createdAt, value: off })
        sinks.set(id, off)
      }
      return lost.map(([, { name }]) => name)
    },
    async remove(id: string): Promise<boolean> {
      sinks.delete(id)
      return kept.remove(id)
    },
  }
}

export type Sinks = ReturnType<typeof createSinks>
