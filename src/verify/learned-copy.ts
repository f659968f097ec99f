import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { collection } from '../ledger/collection.js'
import type { ConsoleStore } from '../ledger/console-port.js'
import { SNAPSHOT_FORMAT } from '../lines/memory/snapshot.js'
import { REMEMBERED_MS } from './log-start.js'

/** What the copy is made of; its pieces are documents of their own. */
interface Copy {
  /** see `SNAPSHOT_FORMAT` */
  format: string
  set: string
  pieces: number
}

interface Piece {
  place: number
  /** base64url */
  text: string
}

/** Characters of a piece: one to two MB of what is learned are five of them. */
const PIECE = 65_536
const MOST_PIECES = 10_000
const COPY = 'newest'

const packed = promisify(gzip)
const unpacked = promisify(gunzip)

/**
 * What gateways have learned, in the ledger that they share: one that has no directory, or comes for the first time,
 * begins where the others are.
 */
export function learnedCopy<Meta extends { at: number }>(ledger: ConsoleStore) {
  const copies = collection<Copy>(ledger, 'learned')
  const pieces = collection<Piece>(ledger, 'learned-piece')

  return {
    /** @returns `null` where there is none, one of another release, or one that is being replaced */
    async read(): Promise<Meta | null> {
      const copy = (await copies.get(COPY))?.value
      if (copy === undefined || copy.format !== SNAPSHOT_FORMAT) return null
      const found = await pieces.list({ parent: copy.set, limit: MOST_PIECES })
      if (found.length !== copy.pieces) return null
      const inOrder = found.map(({ value }) => value).sort((a, b) => a.place - b.place)
      const bytes = Buffer.from(inOrder.map(({ text }) => text).join(''), 'base64url')
      return JSON.parse((await unpacked(bytes)).toString()) as Meta
    },

    /** In place of the one before, which is whole until this one is. */
    async write(meta: Meta): Promise<void> {
      const text = (await packed(JSON.stringify(meta))).toString('base64url')
      const [set, at, expiresAt] = [randomUUID(), meta.at, meta.at + REMEMBERED_MS]
      const count = Math.ceil(text.length / PIECE)
      for (let place = 0; place < count; place++) {
        const value = { place, text: text.slice(place * PIECE, (place + 1) * PIECE) }
        await pieces.put({ id: `${set}:${place}`, parent: set, at, expiresAt, value })
      }
      const before = (await copies.get(COPY))?.value
      const value = { format: SNAPSHOT_FORMAT, set, pieces: count }
      await copies.put({ id: COPY, at, expiresAt, value })
      for (let place = 0; place < (before?.pieces ?? 0); place++)
        await pieces.remove(`${before?.set}:${place}`)
    },
  }
}
