import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { makeSecrets, replaceSecrets } from '../files/secrets-file.js'
import type { NumbersOption } from '../ledger/numbers.js'
import type { NumberKeys } from '../ledger/vault.js'

/** How phone numbers are kept at rest. */
export const NUMBERS_AT_REST = ['clear', 'hashed', 'encrypted'] as const
export type NumbersAtRest = (typeof NUMBERS_AT_REST)[number]

/** What the ledger is opened with. @param keys asked for only where numbers are encrypted */
export function numbersOption(
  kept: NumbersAtRest,
  hashedWith: Buffer,
  keys: () => NumberKeys,
): NumbersOption {
  if (kept === 'clear') return 'clear'
  return kept === 'hashed' ? { hashedWith } : { hashedWith, encryptedWith: keys() }
}

const KEY_BYTES = 32
const HEADER = `# Keys that phone numbers are sealed with: an id and 32 bytes in hex. The first one seals, all of them open.
# Without the key that sealed it nobody can read a number again: keep a copy, and not beside the backups of the data.
`
/** A gateway that runs notices within this time that the first key is another one. */
const LOOK_MS = 30_000

/**
 * The ring of a file, which is made with one key when it is not there. A running gateway follows its file: a key that
 * was added is known as soon as a number is met that it has sealed, and seals within half a minute.
 * @param clock Unix ms
 * @throws Error with the line that cannot be read
 */
export function numberKeysOf(file: string, clock: () => number): NumberKeys {
  makeSecrets(file, () => HEADER + keyLine(firstId(clock())))
  let lookedAt = clock()
  let changed = mark(file)
  return {
    ...readNumberKeys(file),
    again(force) {
      const now = clock()
      if (!force && now - lookedAt < LOOK_MS && now >= lookedAt) return null
      lookedAt = now
      const next = mark(file)
      if (next === changed) return null
      const keys = readNumberKeys(file)
      changed = next
      return keys
    },
  }
}

const firstId = (now: number): string => new Date(now).toISOString().slice(0, 10)
const keyLine = (id: string): string => `${id} ${randomBytes(KEY_BYTES).toString('hex')}\n`
const mark = (file: string): string => {
  const { mtimeMs, size, ino } = statSync(file)
  return `${mtimeMs} ${size} ${ino}`
}

/** @throws Error with the line that cannot be read, without its content */
function readNumberKeys(file: string): NumberKeys {
  const keys = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, i) => {
      const line = text.trim()
      if (line === '' || line.startsWith('#')) return []
      const [, id, hex] = /^([A-Za-z0-9._-]{1,40})\s+([0-9a-f]{64})$/i.exec(line) ?? []
      if (id === undefined || hex === undefined)
        throw new Error(
          `${file}, line ${i + 1}: write an id and 64 hex digits, such as 2026-11 and what openssl rand -hex 32 prints`,
        )
      return [{ id, secret: Buffer.from(hex, 'hex') }]
    })
  if (keys.length === 0)
    throw new Error(
      `${file} has no key: restore it from a backup, or make one: tollgate numbers key`,
    )
  return { keys, from: file }
}

/**
 * Adds a new key to a file.
 * @param standby behind the others: it opens and does not seal yet, until every gateway has it
 * @returns its id
 */
export function addNumberKey(
  file: string,
  { now, id, standby }: { now: number; id?: string; standby: boolean },
): string {
  const known = existsSync(file) ? readNumberKeys(file).keys.map((key) => key.id) : []
  const day = firstId(now)
  const free = (n: number): string =>
    known.includes(n === 1 ? day : `${day}.${n}`) ? free(n + 1) : n === 1 ? day : `${day}.${n}`
  const name = id ?? free(1)
  if (known.includes(name)) throw new Error(`${file} has a key ${name} already`)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : HEADER
  const lines = text.split('\n')
  const first = lines.findIndex((line) => line.trim() !== '' && !line.trim().startsWith('#'))
  const at = standby || first < 0 ? lines.length - (lines.at(-1) === '' ? 1 : 0) : first
  lines.splice(at, 0, keyLine(name).trimEnd())
  replaceSecrets(file, lines.join('\n'))
  return name
}

/** Brings a key to the front: from now on it seals. */
export function activateNumberKey(file: string, id: string): void {
  const lines = readFileSync(file, 'utf8').split('\n')
  const from = lines.findIndex((line) => line.trim().split(/\s+/, 1)[0] === id)
  if (from < 0) throw new Error(`${file} has no key ${id}`)
  const [line = ''] = lines.splice(from, 1)
  const first = lines.findIndex((other) => other.trim() !== '' && !other.trim().startsWith('#'))
  lines.splice(first < 0 ? lines.length : first, 0, line)
  replaceSecrets(file, lines.join('\n'))
}
