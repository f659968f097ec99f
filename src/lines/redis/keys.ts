import { hash64 } from '../../engine/hash.js'
import { SUBJECTS } from '../../engine/policy.js'
import { salted, subjectSeed } from '../memory/keys.js'

/**
 * Names in Redis: `<prefix>{tt}kkkkkkkkkkk`. The eleven letters are the 64-bit hash of service, subject and key with
 * the installation's secret seed: of one length whatever a stranger sends, no phone number among them, and nobody can
 * aim two keys at one name. The two letters in braces decide the slot of a cluster.
 */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Two letters for each twelve bits. */
const PAIRS = Array.from(
  { length: 4_096 },
  (_, i) => (LETTERS[i >>> 6] as string) + (LETTERS[i & 63] as string),
)

/** What is behind the prefix: braces, pair, eleven letters. */
export const NAME_BYTES = 15

const at = (subject: (typeof SUBJECTS)[number]): number => SUBJECTS.indexOf(subject)
const SUB_BLOCK = at('subBlock')
const BLOCK = at('block')
const OPERATOR = at('operator')
const COUNTRY = at('country')
const ABROAD = at('abroad')
const SERVICE = at('service')
const IP = at('ip')
const SUBNET = at('subnet')

/** Which subjects stay together: a block with its sub-blocks, a country with its operators, an address with its subnet. */
const GROUP = SUBJECTS.map((_, i) => i)
GROUP[SUB_BLOCK] = BLOCK
GROUP[OPERATOR] = COUNTRY
GROUP[ABROAD] = SERVICE
GROUP[IP] = SUBNET

/** First two parts of an address: the same for an address and its subnet. */
const network = (key: string): string => {
  const separator = key.includes(':') ? ':' : '.'
  const first = key.indexOf(separator)
  const second = key.indexOf(separator, first + 1)
  return second < 0 ? key : key.slice(0, second)
}

/** What decides the slot of a subject's key: equal for what stays together, and known from the key alone. */
function togetherBy(subject: number, key: string): string {
  if (subject === SUB_BLOCK) return key.slice(0, -1)
  if (subject === OPERATOR) {
    const slash = key.indexOf('/')
    return slash < 0 ? key : key.slice(0, slash)
  }
  if (subject === ABROAD || subject === SERVICE) return ''
  return subject === IP || subject === SUBNET ? network(key) : key
}

/** A name before it is written. Most are only compared: as numbers that costs a tenth. */
export interface Name {
  /** place of the pair in braces, 0 to 4,095 */
  tag: number
  /** 32 bits each, signed, as the embedded store's records are named */
  high: number
  low: number
}

/** A key that alone decides its slot: the pair comes from the hash that names it. */
const ALONE = SUBJECTS.map((_, i) => GROUP[i] === i && i !== SERVICE && i !== SUBNET)

/**
 * Name of a subject's key.
 * @param keySeed seed of the installation and its service
 * @param salt tells several values of one key apart
 */
export const nameOf = (subject: number, key: string, keySeed: number, salt = 0): Name =>
  named({ tag: 0, high: 0, low: 0 }, subject, key, keySeed, salt)

/** The same, into what is there. */
export function named<T extends Name>(
  out: T,
  subject: number,
  key: string,
  keySeed: number,
  salt: number,
): T {
  const hash = hash64(key, subjectSeed(keySeed, subject))
  const { low } = hash
  out.high = hash.high | 0
  out.low = salted(low, salt) | 0
  out.tag = ALONE[subject] === true ? low >>> 20 : tagOf(subject, key, keySeed)
  return out
}

/** Slot group of a key, 0 to 4,095. @param keySeed seed of the installation and its service */
export const tagOf = (subject: number, key: string, keySeed: number): number =>
  hash64(togetherBy(subject, key), subjectSeed(keySeed, GROUP[subject] as number)).low >>> 20

export const isSameName = (a: Name, b: Name): boolean =>
  a.low === b.low && a.high === b.high && a.tag === b.tag

/** The keys of one script: each once, in the order in which they were first asked for. */
export class Keys<T extends Name = Name> {
  readonly names: T[] = []
  /** by the low half of the name, or where that is taken by the next number that is free */
  readonly #places = new Map<number, number>()

  /** Place of a name among them, from 0; it is added where it is new. */
  at(name: T): number {
    for (let n = name.low; ; n = (n + 1) | 0) {
      const place = this.#places.get(n)
      if (place === undefined) {
        this.#places.set(n, this.names.length)
        return this.names.push(name) - 1
      }
      if (isSameName(this.names[place] as T, name)) return place
    }
  }
}

const name = Buffer.alloc(NAME_BYTES)

/** The whole key as text. */
export function keyText(prefix: string, of: Name): string {
  writeName(name, 0, of)
  return prefix + name.toString('latin1')
}

/** ASCII codes of each pair, first letter low. */
const CODES = Uint16Array.from(PAIRS, (pair) => pair.charCodeAt(0) | (pair.charCodeAt(1) << 8))

/** Writes what is behind the prefix. @returns where it ends */
export function writeName(out: Buffer, at: number, { tag, high, low }: Name): number {
  out[at] = 0x7b
  pair(out, at + 1, tag)
  out[at + 3] = 0x7d
  pair(out, at + 4, high & 4_095)
  pair(out, at + 6, (high >>> 12) & 4_095)
  pair(out, at + 8, ((high >>> 24) | (low << 8)) & 4_095)
  pair(out, at + 10, (low >>> 4) & 4_095)
  pair(out, at + 12, (low >>> 16) & 4_095)
  out[at + 14] = LETTERS.charCodeAt(low >>> 28)
  return at + NAME_BYTES
}

function pair(out: Buffer, at: number, i: number): void {
  const codes = CODES[i] as number
  out[at] = codes & 0xff
  out[at + 1] = codes >>> 8
}
