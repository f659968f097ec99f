import { readFileSync } from 'node:fs'

/** Tables that `node scripts/build-data.mjs` wrote: typed arrays by name, and facts about them. */
export interface Tables<Facts> {
  facts: Facts
  u8(name: string): Uint8Array
  u16(name: string): Uint16Array
  u32(name: string): Uint32Array
}

interface Index {
  arrays: Record<string, [at: number, length: number]>
}

/**
 * Reads `name.bin` and `name.json` of a `generated/` folder.
 *
 * @param folder URL of the folder, with its last slash: `new URL('./generated/', import.meta.url)`
 * @throws when the files are absent or not of one build
 */
export function readTables<Facts>(folder: URL, name: string): Tables<Facts> {
  const read = (file: string) => {
    try {
      return readFileSync(new URL(file, folder))
    } catch (cause) {
      throw new Error(
        `cannot read ${file} in ${folder.pathname}: it is built from the installed packages; run \`node scripts/build-data.mjs\``,
        { cause },
      )
    }
  }
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) {
    throw new Error(`${name}.bin is little-endian and this processor is not`)
  }
  const facts = JSON.parse(read(`${name}.json`).toString('utf8')) as Facts & Index
  const bytes = read(`${name}.bin`)
  const array = (key: string, width: number) => {
    const entry = facts.arrays[key]
    if (!entry || entry[0] + entry[1] * width > bytes.length) {
      throw new Error(
        `${name}.bin and ${name}.json in ${folder.pathname} are not of one build (${key}); run \`node scripts/build-data.mjs --force\``,
      )
    }
    const [at, length] = entry
    // Copied out, so that no table depends on where the file's buffer happens to begin.
    return Uint8Array.from(bytes.subarray(at, at + length * width)).buffer
  }
  return {
    facts,
    u8: (key) => new Uint8Array(array(key, 1)),
    u16: (key) => new Uint16Array(array(key, 2)),
    u32: (key) => new Uint32Array(array(key, 4)),
  }
}
