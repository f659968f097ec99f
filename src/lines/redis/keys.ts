import { hash64 } from '../../engine/hash.js'
import { SUBJECTS } from '../../engine/policy.js'
import { subjectSeed } from '../memory/keys.js'

/**
 * Names in Redis: `<prefix>{tt}kkkkkkkkkkk`. The eleven letters are the 64-bit hash of service, subject and key with
 * the installation's secret seed: of one length whatever a stranger sends, no phone number among them, and nobody can
 * aim two keys at one name. The two letters in braces decide the slot of a cluster.
 */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const letters = (word: number, n: number): string => {
  let text = ''
  let left = word
  for (let i = 0; i < n; i++) {
    text += LETTERS[left & 63]
    left >>>= 6
  }
  return text
}

const name = (high: number, low: number): string =>
  letters(high, 5) + letters(((high >>> 30) | (low << 2)) >>> 0, 5) + letters(low >>> 28, 1)

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
export const tagOf = (subject: number, key: string, keySeed: number): string =>
  letters(
    hash64(togetherBy(subject, key), subjectSeed(keySeed, GROUP[subject] as number)).low >>> 20,
    2,
  )

export const entityKey = (prefix: string, tag: string, { high, low }: Named): string =>
  `${prefix}{${tag}}${name(high, low)}`
