import { isMap, isScalar, isSeq, type Node } from 'yaml'
import type { Kind } from './schema-kinds.js'

/** A schema node as the annotations of `schema-kinds.ts` leave it. */
export interface Shape {
  kind: Kind
  description: string
  why?: string
  min?: number
  max?: number
  maxItems?: number
  must?: string
  accept?: string
  of?: readonly (string | number)[]
  keys?: { pattern: RegExp; hint: string } | 'country' | readonly string[]
  /** keys of a block that may not be left out */
  needs?: readonly string[]
  properties?: Record<string, Shape>
  /** of a map */
  item?: Shape
  /** of a list */
  items?: Shape
}

/** What reading leaves behind besides the value. */
export interface Trail {
  /** reports what is wrong at a node; `path` names the place for a person */
  wrong(node: Node | null, path: string, message: string, hint: string): void
  /** remembers where a value stands */
  stands(node: Node | null, path: string): void
}

/** Path of a part: `services.signup`, `rateLimits[2]`. */
export const join = (path: string, key: string | number): string =>
  typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`

export const isEmpty = (node: Node | null): boolean =>
  node === null || (isScalar(node) && node.value === null)

/** What stands somewhere, in words. */
export function what(node: Node | null): string {
  if (isEmpty(node)) return 'nothing'
  if (isMap(node)) return 'a map'
  if (isSeq(node)) return 'a list'
  if (isScalar(node))
    return typeof node.value === 'string' ? `"${shorten(node.value)}"` : String(node.value)
  return 'something else'
}

/** Values in messages stay short. */
export const shorten = (text: string): string =>
  text.length > 60 ? `${text.slice(0, 57)}...` : text
