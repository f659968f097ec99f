import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Longest line, UTF-16 units: a row of traffic takes some hundred. A file without line ends must not fill memory. */
const LONGEST = 1_048_576

/** A text file that cannot be read as lines; says why. */
export class LineError extends Error {
  override readonly name = 'LineError'
}

/**
 * Lines of a text file in UTF-8, without its byte order mark, unpacked when its name ends in .gz, streamed. Whoever stops reading closes the file.
 * @throws LineError for a packed file that is torn, for another encoding and for a line without end; the system's error where there is no file
 */
export async function* textLines(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file)
  // the callback keeps an error that comes after the last read from ending the process; a reader is told by the stream
  const input: Readable = file.endsWith('.gz')
    ? pipeline(raw, createGunzip(), () => undefined)
    : raw
  input.setEncoding('utf8')
  let rest = ''
  let begun = false
  try {
    for await (const chunk of input as AsyncIterable<string>) {
      // what the mark of UTF-16 looks like
      if (!begun && chunk.startsWith('\ufffd\ufffd'))
        throw new LineError('is no text in UTF-8; save it as UTF-8')
      const lines = (rest + (begun ? chunk : chunk.replace(/^\ufeff/, ''))).split('\n')
      begun = true
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST) throw new LineError(`a line is longer than ${LONGEST} characters`)
      for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw cause
    throw new LineError('is no whole gzip file; pack it again, or give it unpacked', { cause })
  }
  if (rest !== '') yield rest
}
