import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/** Characters gathered before they are handed on: one call for some hundred lines. */
const GATHERED = 65_536

/** A text file written bit by bit, gzipped where its name says so, never more than a few hundred kilobytes ahead of the disk. */
export function createTextFile(path: string) {
  const sink = path.endsWith('.gz') ? createGzip() : new PassThrough()
  const done = pipeline(sink, createWriteStream(path))
  let failure: unknown
  done.catch((error: unknown) => {
    failure = error
  })
  let gathered = ''

  async function flush(): Promise<void> {
    if (failure !== undefined) throw failure
    const text = gathered
    gathered = ''
    // Where the disk fails nothing drains any more: the end of the pipeline comes first.
    if (!sink.write(text)) await Promise.race([once(sink, 'drain'), done])
  }

  return {
    /** @returns a promise to wait for before more is written, or nothing to wait for */
    write(text: string): Promise<void> | undefined {
      gathered += text
      return gathered.length < GATHERED ? undefined : flush()
    },
    async close(): Promise<void> {
      if (gathered !== '') await flush()
      sink.end()
      await done
    },
    /** Gives up what was not written. */
    destroy(): void {
      sink.destroy()
    },
  }
}
