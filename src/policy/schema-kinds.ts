import { type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'

/**
 * The kinds of value a policy file is made of. Each is a TypeBox schema whose static type is the value after reading
 * (durations in ms, money in micro-USD) and whose annotations say how it is written, for `read.ts` and for the
 * reference (`reference.ts`).
 */
export const KINDS = [
  'duration',
  'money',
  'integer',
  'number',
  'choice',
  'text',
  'flag',
  'country',
  'entry',
  'list',
  'map',
  'block',
] as const
export type Kind = (typeof KINDS)[number]

/** What every property says of itself. */
export interface About {
  /** meaning, unit */
  description: string
  /** why the default is what it is */
  why?: string
}

export interface Range {
  /** in the unit of the value after reading: ms, micro-USD, or as written */
  min?: number
  max?: number
}

export const duration = (about: About & Range) =>
  Type.Unsafe<number>({ kind: 'duration', ...about })
export const money = (about: About & Range) => Type.Unsafe<number>({ kind: 'money', ...about })
export const integer = (about: About & Range) => Type.Unsafe<number>({ kind: 'integer', ...about })
export const number = (about: About & Range) => Type.Unsafe<number>({ kind: 'number', ...about })
export const flag = (about: About) => Type.Unsafe<boolean>({ kind: 'flag', ...about })

/** @param options.accept also taken besides a country code, such as '*' */
export const country = (about: About, options: { accept?: string } = {}) =>
  Type.Unsafe<string>({ kind: 'country', ...options, ...about })

/** An entry of an allow or deny list. */
export const entry = (about: About) => Type.Unsafe<string>({ kind: 'entry', ...about })

/** @param options.must text that has to be in it */
export const text = (about: About, options: { max: number; must?: string }) =>
  Type.Unsafe<string>({ kind: 'text', ...options, ...about })

export const choice = <const T extends readonly (string | number)[]>(of: T, about: About) =>
  Type.Unsafe<T[number]>({ kind: 'choice', of, ...about })

export const list = <T extends TSchema>(item: T, about: About & { maxItems: number }) =>
  Type.Array(item, { kind: 'list', ...about })

/** Keys of the user's choice, or of a closed set. */
export const map = <T extends TSchema>(
  value: T,
  keys: { pattern: RegExp; hint: string } | 'country' | readonly string[],
  about: About & { maxItems: number },
) => Type.Record(Type.String(), value, { kind: 'map', keys, item: value, ...about })

/** Known keys; each may be left out but those in `needs`. */
export const block = <T extends TProperties>(
  properties: T,
  about: About & { needs?: readonly (keyof T & string)[] } = { description: '' },
): TObject<T> =>
  Type.Object(properties, { kind: 'block', additionalProperties: false, ...about }) as TObject<T>
