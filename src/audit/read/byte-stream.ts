import { Buffer } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { TextDecoder } from 'node:util'
import { createGunzip } from 'node:zlib'
import { checkText, type Encoding, encodingOf } from './sniff.js'

const CHUNK = 1 << 20

export interface StreamOptions {
  gzip: boolean
  /** bytes of the file itself that have been read */
  onBytes: (bytes: number) => void
  /** text in UTF-8, in order; the bytes change after it returns; `false`: no more is needed */
  onText: (chunk: Buffer) => boolean
}

/** What `take` throws to end a stream that nobody reads on. */
const ENOUGH = Symbol('enough')

/**
 * Reads a file as UTF-8, piece by piece.
 *
 * @returns why a gzipped file could not be read to its end, `null` when it was
 * @throws LogError for bytes that are no text
 */
export async function streamText(path: string, options: StreamOptions): Promise<string | null> {
  const { gzip, onBytes, onText } = options
  let decode: ((chunk: Buffer) => Buffer) | null = null
  const take = (piece: Buffer): void => {
    let chunk = piece
    if (decode === null) {
      const head = chunk.subarray(0, 4096)
      const encoding = encodingOf(chunk)
      if (encoding === 'utf-8' || encoding === 'windows-1252') checkText(head, path)
      if (encoding === 'utf-8') {
        decode = (bytes) => bytes
        if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) chunk = chunk.subarray(3)
      } else decode = transcoder(encoding)
    }
    const text = decode(chunk)
    if (text.length > 0 && !onText(text)) throw ENOUGH
  }
  if (!gzip) {
    try {
      await readInto(path, (chunk) => {
        onBytes(chunk.length)
        take(chunk)
      })
    } catch (error) {
      if (error !== ENOUGH) throw error
    }
    return null
  }
  const raw = createReadStream(path, { highWaterMark: CHUNK })
  raw.on('data', (chunk) => onBytes(chunk.length))
  // flushed, so that what stands before the cut comes out
  const unzip = createGunzip({ chunkSize: CHUNK })
  let failed: unknown = null
  unzip.on('data', (chunk: Buffer) => {
    try {
      take(chunk)
    } catch (error) {
      failed ??= error
      unzip.destroy()
    }
  })
  raw.on('error', (error) => unzip.destroy(error))
  raw.pipe(unzip)
  try {
    await finished(unzip)
    return null
  } catch (error) {
    if (failed === ENOUGH) return null
    if (failed !== null) throw failed
    const { code = '', message } = error as NodeJS.ErrnoException
    if (code.startsWith('Z_')) return message
    throw error
  } finally {
    raw.destroy()
  }
}

/** Reads a file through one buffer. */
async function readInto(path: string, onChunk: (chunk: Buffer) => void): Promise<void> {
  const handle = await open(path)
  try {
    const buffer = Buffer.alloc(CHUNK)
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK)
      if (bytesRead === 0) return
      onChunk(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}

function transcoder(encoding: Exclude<Encoding, 'utf-8'>): (chunk: Buffer) => Buffer {
  const decoder = new TextDecoder(encoding)
  return (chunk) => Buffer.from(decoder.decode(chunk, { stream: true }))
}
