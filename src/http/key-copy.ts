import type { FastifyInstance } from 'fastify'
import { SECOND } from '../engine/units.js'
import { type Ledger, LedgerError } from '../ledger/port.js'
import type { KeyRow } from '../ledger/rows.js'

/** So often all keys are read: a key made or revoked since is not known while the ledger is lost. */
const COPY_MS = 30 * SECOND

/** What the ledger said of all keys last: whoever goes on without it has to know keys that it has not met lately. Secrets are hashes. */
export class KeyCopy {
  readonly #ledger: Pick<Ledger, 'keys'>
  readonly #clock: () => number
  #rows: ReadonlyMap<string, KeyRow> = new Map()
  #at = 0

  constructor(ledger: Pick<Ledger, 'keys'>, clock: () => number) {
    this.#ledger = ledger
    this.#clock = clock
  }

  /** Rejects, and keeps what it had, when the ledger does not answer. */
  async renew(): Promise<void> {
    const at = this.#clock()
    const rows = await this.#ledger.keys()
    this.#rows = new Map(rows.map((row) => [row.id, row]))
    this.#at = at
  }

  /** @returns a key and when the ledger said so, Unix ms; `null` where it has none, or is as old as `maxAgeMs` */
  find(id: string, maxAgeMs: number): { row: KeyRow; at: number } | null {
    const row = this.#rows.get(id)
    const age = this.#clock() - this.#at
    return row === undefined || age < 0 || age >= maxAgeMs ? null : { row, at: this.#at }
  }
}

/** Renews a copy for as long as the server runs. A ledger in trouble is told of by those who watch it. */
export function keepCopy(app: Pick<FastifyInstance, 'addHook' | 'log'>, copy: KeyCopy): KeyCopy {
  const renew = (): Promise<void> =>
    copy.renew().catch((error: unknown) => {
      if (!(error instanceof LedgerError)) app.log.error(error, 'API keys were not copied')
    })
  const renewing = setInterval(renew, COPY_MS).unref()
  app.addHook('onReady', renew)
  app.addHook('onClose', (_app, done) => {
    clearInterval(renewing)
    done()
  })
  return copy
}
