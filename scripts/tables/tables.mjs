import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Writes `name.bin` (typed arrays one after the other, each at a multiple of 8 bytes) and `name.json` (where each array
 * begins and how many elements it has, the facts, and what it was built from). The JSON is written last: it is only there when both are whole.
 */
export function writeTables(folder, name, { tables, facts }, builtFrom) {
  const chunks = []
  const arrays = {}
  let at = 0
  for (const [key, array] of Object.entries(tables)) {
    arrays[key] = [at, array.length]
    const bytes = Buffer.alloc(Math.ceil(array.byteLength / 8) * 8)
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).copy(bytes)
    chunks.push(bytes)
    at += bytes.length
  }
  const binary = Buffer.concat(chunks)
  const checksum = createHash('sha256').update(binary).digest('hex')
  writeWhole(join(folder, `${name}.bin`), binary)
  writeWhole(
    join(folder, `${name}.json`),
    JSON.stringify({ builtFrom, checksum, arrays, ...facts }),
  )
  return binary.length
}

/** What `name.json` in `folder` was built from, '' where it is missing or broken or its `.bin` is another's. */
export function readBuiltFrom(folder, name) {
  try {
    const { builtFrom, checksum } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
    const binary = readFileSync(join(folder, `${name}.bin`))
    return createHash('sha256').update(binary).digest('hex') === checksum ? builtFrom : ''
  } catch {
    return ''
  }
}

/** Two builds at once, or one that is killed, must never leave half a file. */
function writeWhole(file, data) {
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.tmp`
  writeFileSync(draft, data)
  renameSync(draft, file)
}
