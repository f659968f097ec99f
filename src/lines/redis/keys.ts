import { hash64 } from '../../engine/hash.js'
import { SUBJECTS } from '../../engine/policy.js'
import { subjectSeed } from '../memory/keys.js'

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

const name = (high: number, low: number): string =>
  (PAIRS[high & 4_095] as string) +
  (PAIRS[(high >>> 12) & 4_095] as string) +
  (PAIRS[((high >>> 24) | (low << 8)) & 4_095] as string) +
  (PAIRS[(low >>> 4) & 4_095] as string) +
  (PAIRS[(low >>> 16) & 4_095] as string) +
  (LETTERS[low >>> 28] as string)

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

export interface Named {
  /** 32 bits each, as the embedded store's records are named */
  high: number
  low: number
}

/** Slot group of a key: two letters, 4,096 of them. @param keySeed seed of the installation and its service */
export const tagOf = (subject: number, key: string, keySeed: number): string => {
  const seed = subjectSeed(keySeed, GROUP[subject] as number)
  return PAIRS[hash64(togetherBy(subject, key), seed).low >>> 20] as string
}

export const entityKey = (prefix: string, tag: string, { high, low }: Named): string =>
  `${prefix}{${tag}}${name(high, low)}`
