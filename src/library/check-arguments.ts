/** What an argument, or a field of one, has to be. */
export interface Field {
  is: keyof typeof KINDS
  optional?: boolean
  /** of an object */
  fields?: Readonly<Record<string, Field>>
  /** each of a list */
  items?: Field
  /** of a string */
  oneOf?: readonly string[]
}

const KINDS = {
  string: { words: 'a string', fits: (value: unknown) => typeof value === 'string' },
  number: { words: 'a number', fits: (value: unknown) => typeof value === 'number' },
  boolean: { words: 'a boolean', fits: (value: unknown) => typeof value === 'boolean' },
  function: { words: 'a function', fits: (value: unknown) => typeof value === 'function' },
  object: {
    words: 'an object',
    fits: (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
  list: { words: 'a list', fits: (value: unknown) => Array.isArray(value) },
  stringOrNull: {
    words: 'a string, or null',
    fits: (value: unknown) => value === null || typeof value === 'string',
  },
  any: { words: 'something', fits: () => true },
} as const

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value

/** @returns what is wrong with a value and what to give, or `null` */
export function flawIn(
  name: string,
  value: unknown,
  { is, optional = false, fields = {}, items, oneOf }: Field,
): string | null {
  const { words, fits } = KINDS[is]
  const give = `give ${words}${optional ? ', or leave it out' : ''}`
  if (value === undefined) return optional ? null : `${name} is missing: ${give}`
  if (!fits(value)) return `${name} is of type ${typeOf(value)}: ${give}`
  if (oneOf !== undefined && !oneOf.includes(value as string))
    return `${name} is ${JSON.stringify(value)}: give ${oneOf.join(' or ')}`
  const inner: [string, unknown, Field][] = Object.entries(fields).map(([key, field]) => [
    name === '' ? key : `${name}.${key}`,
    (value as Record<string, unknown>)[key],
    field,
  ])
  if (items !== undefined)
    for (const [i, item] of (value as unknown[]).entries())
      inner.push([`${name}[${i}]`, item, items])
  for (const one of inner) {
    const flaw = flawIn(...one)
    if (flaw !== null) return flaw
  }
  return null
}

/** Arguments of a function by their names, in order. */
export type Takes = Readonly<Record<string, Field>>

/**
 * What the compiler tells callers with types, and what a schema tells callers over HTTP: a function that looks at its
 * arguments first.
 * @returns throws a TypeError that says which argument is wrong and what to give; where the function is said to be
 * `later` its promise rejects with it
 */
export function checked<Args extends unknown[], T>(
  called: string,
  takes: Takes,
  work: (...args: Args) => T,
  later = false,
): (...args: Args) => T {
  return (...args) => {
    for (const [i, [name, field]] of Object.entries(takes).entries()) {
      const flaw = flawIn(name, args[i], field)
      if (flaw === null) continue
      const error = new TypeError(`${called}: ${flaw}`)
      if (later) return Promise.reject(error) as T
      throw error
    }
    return work(...args)
  }
}
