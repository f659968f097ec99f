import { closest } from '../policy/suggest.js'
import type { CreateGateOptions } from './options.js'

type Kind =
  | 'text'
  | 'object'
  | 'function'
  | 'policy'
  | 'senders'
  | 'ledger'
  | 'prices'
  | 'bytes'
  | 'upkeep'
  | 'flag'

/** Every option and what it takes. */
const OPTIONS: Record<keyof CreateGateOptions, Kind> = {
  policy: 'policy',
  lines: 'object',
  data: 'text',
  ledger: 'ledger',
  numbers: 'text',
  numberKeys: 'text',
  send: 'senders',
  receiptUrl: 'function',
  prices: 'prices',
  network: 'object',
  defaultCountry: 'text',
  secret: 'bytes',
  clock: 'function',
  random: 'function',
  upkeep: 'upkeep',
  tracing: 'flag',
  onError: 'function',
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

const TAKES: Record<Kind, { words: string; is: (value: unknown) => boolean }> = {
  text: { words: 'text', is: (value) => typeof value === 'string' },
  object: { words: 'an object', is: isObject },
  function: { words: 'a function', is: (value) => typeof value === 'function' },
  policy: {
    words: 'YAML text, { file } or an object in the words of the file',
    is: (value) => typeof value === 'string' || isObject(value),
  },
  senders: {
    words: 'a provider such as twilio({ ... }), a list of them, or a function of your own',
    is: (value) => typeof value === 'function' || isObject(value),
  },
  ledger: {
    words: "'memory', or { sqlite: file }",
    is: (value) => value === 'memory' || (isObject(value) && Object(value).sqlite !== undefined),
  },
  prices: {
    words: 'the path of a price file, or a table of loadPrices',
    is: (value) => typeof value === 'string' || typeof Object(value).priceOf === 'function',
  },
  bytes: {
    words: 'a Buffer of at least 32 random bytes',
    is: (value) => value instanceof Uint8Array,
  },
  upkeep: {
    words: 'false, or { tickMs, saveMs, retention }',
    is: (value) => value === false || isObject(value),
  },
  flag: { words: 'true or false', is: (value) => typeof value === 'boolean' },
}

/**
 * What the compiler tells callers with types. Without it a misspelt `data` would keep nothing over a restart.
 * @throws Error that names the option and what it takes
 */
export function checkOptions(options: CreateGateOptions): void {
  if (!isObject(options)) throw new Error('createGate takes one object of options')
  const known = Object.keys(OPTIONS)
  for (const [name, value] of Object.entries(options)) {
    const kind = (OPTIONS as Record<string, Kind | undefined>)[name]
    if (kind === undefined) {
      const meant = closest(name, known)
      throw new Error(
        `createGate has no option ${name}; ${meant === undefined ? `known: ${known.join(', ')}` : `did you mean ${meant}?`}`,
      )
    }
    const { words, is } = TAKES[kind]
    if (value !== undefined && !is(value)) throw new Error(`${name}: give ${words}`)
  }
}
