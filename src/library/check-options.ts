import { closest } from '../policy/suggest.js'
import type { CreateGateOptions } from './options.js'

type Kind = 'text' | 'object' | 'function' | 'policy' | 'senders' | 'any'

/** Every option and what it takes. `any` is checked where it is used. */
const OPTIONS: Record<keyof CreateGateOptions, Kind> = {
  policy: 'policy',
  lines: 'object',
  data: 'text',
  ledger: 'any',
  numbers: 'text',
  numberKeys: 'text',
  send: 'senders',
  receiptUrl: 'function',
  prices: 'any',
  network: 'object',
  defaultCountry: 'text',
  secret: 'object',
  clock: 'function',
  random: 'function',
  upkeep: 'any',
  tracing: 'any',
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
  any: { words: '', is: () => true },
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
