import { createHash } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The name, one character of format, then length and text of the meta, the image, and a SHA-256 over all before it. */
const NAME = 'TGLINES'
/**
 * What the image and the meta look like. Another one with every change to them that readers of the one before would take
 * for something else: a release reads its own format alone, and builds the lines from the ledger where it finds another.
 */
export const SNAPSHOT_FORMAT = '3'
const MAGIC = Buffer.from(NAME + SNAPSHOT_FORMAT)
const CHUNK_BYTES = 4 * 1024 * 1024

/**
 * Writes beside and renames: a crash leaves the old snapshot or the new one, never half of one.
 * @throws the file system's error, with nothing lost: the old snapshot stays
 */
export async function writeSnapshot(
  file: string,
  meta: object,
  image: readonly Uint8Array[],
): Promise<void> {
  const text = Buffer.from(JSON.stringify(meta))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  const hash = createHash('sha256')
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    for (const chunk of chunks([MAGIC, length, text, ...image])) {
      hash.update(chunk)
      // unlike write, never stops half way through a large part
      await handle.writeFile(chunk)
    }
    await handle.writeFile(hash.digest())
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  const folder = await open(dirname(file), 'r')
  await folder.sync().finally(() => folder.close())
}

/** Small parts together: each write waits for a turn of an event loop that has other things to do. */
function* chunks(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  for (const part of parts) {
    held.push(part)
    size += part.byteLength
    if (size < CHUNK_BYTES) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  yield Buffer.concat(held)
}

/** `null` where there is none, or one of another release. @throws Error that says what to do when the file is damaged */
export async function readSnapshot<Meta>(
  file: string,
): Promise<{ meta: Meta; image: Uint8Array } | null> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const body = bytes.subarray(0, bytes.length - 32)
  const sum = createHash('sha256').update(body).digest()
  const name = bytes.toString('latin1', 0, NAME.length)
  if (bytes.length < MAGIC.length + 36 || name !== NAME || !sum.equals(bytes.subarray(-32))) {
    throw new Error(
      `${file} is damaged; move it away and start again: the lines are then rebuilt from the ledger, which takes longer`,
    )
  }
  if (!MAGIC.equals(bytes.subarray(0, MAGIC.length))) return null
  const length = body.readUInt32LE(8)
  return {
    meta: JSON.parse(body.subarray(12, 12 + length).toString()) as Meta,
    // a plain view: `slice` of a Buffer would not copy
    image: new Uint8Array(body.buffer, body.byteOffset + 12 + length, body.length - 12 - length),
  }
}
