import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { type Append, LedgerError } from '../port.js'

/** Rows that stand or fall together, and when they were kept. */
export interface SpooledCommit {
  at: number
  rows: Append[]
}

export interface SpoolFileOptions {
  /** made with mode 0600 */
  file: string
  /** 32 bytes; numbers and devices of people must not lie on the disk in clear */
  key: Buffer
  /** size over which nothing more is taken, bytes */
  maxBytes: number
  /** age of the oldest record over which nothing more is taken, ms */
  maxMs: number
  /** Unix ms */
  clock: () => number
}

const NONCE = 12
const TAG = 16
const PLACE = Buffer.from('tollgate spool v1')

/**
 * An append-only file of sealed records, one a line. What `append` has resolved for survives a loss of power; a line
 * that was cut short by one was never acknowledged, and is dropped.
 */
export class SpoolFile {
  readonly #options: SpoolFileOptions
  readonly #handle: FileHandle
  #size: number
  #oldest: number | null = null
  #commits = 0
  #waiting: { line: string; at: number; resolve: () => void; reject: (error: unknown) => void }[] =
    []
  #writing: Promise<void> | null = null
  #clearing: Promise<void> | null = null

  private constructor(options: SpoolFileOptions, handle: FileHandle, size: number) {
    this.#options = options
    this.#handle = handle
    this.#size = size
  }

  static async open(options: SpoolFileOptions): Promise<SpoolFile> {
    // not in append mode: what was half written is written over
    const handle = await open(options.file, 'r+', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      return open(options.file, 'wx+', 0o600)
    })
    const spool = new SpoolFile(options, handle, 0)
    await spool.#measure()
    return spool
  }

  get bytes(): number {
    return this.#size
  }
  /** commits that wait to be made in the ledger */
  get commits(): number {
    return this.#commits
  }
  /** when the oldest of them was kept, Unix ms */
  get oldestAt(): number | null {
    return this.#oldest
  }
  /** Whether it takes more. */
  get hasRoom(): boolean {
    const { maxBytes, maxMs, clock } = this.#options
    return this.#size < maxBytes && (this.#oldest === null || clock() - this.#oldest < maxMs)
  }

  /** Resolves when the rows are durable. @throws LedgerError when there is no room, or the disk takes nothing */
  append(rows: readonly Append[]): Promise<void> {
    if (!this.hasRoom)
      return Promise.reject(
        new LedgerError(
          'lost',
          'and the spool is full or too old: mend the ledger, it is written there',
        ),
      )
    const at = this.#options.clock()
    const line = `${this.#seal(JSON.stringify({ at, rows }))}\n`
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, at, resolve, reject })
      this.#writing ??= this.#write().finally(() => {
        this.#writing = null
      })
    })
  }

  /** Nothing is kept, and nothing is on its way. */
  get isEmpty(): boolean {
    return this.#commits === 0 && this.#waiting.length === 0 && this.#writing === null
  }

  /** Everything that `append` has resolved for, in order. */
  async read(): Promise<SpooledCommit[]> {
    const { commits } = await this.#scan(this.#size)
    return commits
  }

  /** Forgets everything, unless something was kept since `read`. @param count what `read` gave @returns whether it did */
  async clear(count: number): Promise<boolean> {
    if (this.#writing !== null || this.#commits !== count) return false
    this.#clearing = this.#forget().finally(() => {
      this.#clearing = null
    })
    await this.#clearing
    return true
  }

  async close(): Promise<void> {
    await this.#writing
    await this.#handle.close()
  }

  async #forget(): Promise<void> {
    await this.#handle.truncate(0)
    this.#size = 0
    this.#commits = 0
    this.#oldest = null
    await this.#handle.datasync()
  }

  /** All who came while the last ones were written share one write and one sync. */
  async #write(): Promise<void> {
    // what was written meanwhile would be forgotten with the rest
    await this.#clearing?.catch(() => undefined)
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0)
      const bytes = Buffer.from(batch.map(({ line }) => line).join(''))
      try {
        await this.#handle.write(bytes, 0, bytes.length, this.#size)
        await this.#handle.datasync()
        this.#size += bytes.length
        this.#commits += batch.length
        this.#oldest ??= batch[0]?.at ?? null
        for (const { resolve } of batch) resolve()
      } catch (cause) {
        // what may have been written in part lies behind the end, and is written over
        await this.#handle.truncate(this.#size).catch(() => undefined)
        const error = new LedgerError('full', 'and the disk of its spool takes nothing either', {
          cause,
        })
        for (const { reject } of batch) reject(error)
      }
    }
  }

  async #measure(): Promise<void> {
    const { size } = await this.#handle.stat()
    const { commits, end } = await this.#scan(size)
    await this.#handle.truncate(end)
    this.#size = end
    this.#commits = commits.length
    this.#oldest = commits[0]?.at ?? null
  }

  async #scan(size: number): Promise<{ commits: SpooledCommit[]; end: number }> {
    const text = Buffer.alloc(size)
    await this.#handle.read(text, 0, size, 0)
    const commits: SpooledCommit[] = []
    let end = 0
    for (let next = text.indexOf(10, end); next >= 0; next = text.indexOf(10, end)) {
      commits.push(this.#open(text.toString('latin1', end, next)))
      end = next + 1
    }
    return { commits, end }
  }

  #seal(text: string): string {
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#options.key, nonce).setAAD(PLACE)
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
  }

  #open(line: string): SpooledCommit {
    const bytes = Buffer.from(line, 'base64url')
    try {
      const decipher = createDecipheriv(
        'aes-256-gcm',
        this.#options.key,
        bytes.subarray(0, NONCE),
        {
          authTagLength: TAG,
        },
      )
        .setAAD(PLACE)
        .setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
      const text = Buffer.concat([
        decipher.update(bytes.subarray(NONCE + TAG)),
        decipher.final(),
      ]).toString('utf8')
      return JSON.parse(text) as SpooledCommit
    } catch (cause) {
      throw new Error(
        `${this.#options.file} cannot be read: it was changed, or written under another secret. Start with the secret it was written with; or move it away, and what it holds is lost`,
        { cause },
      )
    }
  }
}
