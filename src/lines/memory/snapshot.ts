import { createHash } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** "TGLINES1", then length and text of the meta, the image, and a SHA-256 over all before it. */
const MAGIC = Buffer.from('TGLINES1')
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

/** `null` where there is none. @throws Error that says what to do when the file is damaged */
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
  if (
    bytes.length < MAGIC.length + 36 ||
    !MAGIC.equals(bytes.subarray(0, 8)) ||
    !sum.equals(bytes.subarray(-32))
  ) {
    throw new Error(
      `${file} is damaged; move it away and start again: the lines are then rebuilt from the ledger, which takes longer`,
    )
  }
  const length = body.readUInt32LE(8)
  return {
    meta: JSON.parse(body.subarray(12, 12 + length).toString()) as Meta,
    // a plain view: `slice` of a Buffer would not copy
    image: new Uint8Array(body.buffer, body.byteOffset + 12 + length, body.length - 12 - length),
  }
}
