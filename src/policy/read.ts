import { isAlias, isMap, isSeq, type Node, type Pair } from 'yaml'
import { readKeys } from './read-keys.js'
import { readScalar } from './read-scalar.js'
import { isEmpty, join, type Shape, type Trail, what } from './shape.js'

/**
 * Reads a YAML node by its schema: values in their units, every mistake reported, what is wrong left out.
 * `undefined` where nothing usable stands.
 */
export function read(node: Node | null, shape: Shape, path: string, trail: Trail): unknown {
  if (isAlias(node)) {
    trail.wrong(
      node,
      path,
      `alias *${node.source}: aliases and anchors are not taken`,
      'put what services share under defaults:, every service inherits it',
    )
    return undefined
  }
  switch (shape.kind) {
    case 'block':
      return readBlock(node, shape, path, trail)
    case 'map':
      return readMap(node, shape, path, trail)
    case 'list':
      return readList(node, shape, path, trail)
    default:
      return readScalar(node, shape, path, trail)
  }
}

function readBlock(node: Node | null, shape: Shape, path: string, trail: Trail): unknown {
  const properties = shape.properties ?? {}
  const found: Record<string, unknown> = {}
  if (!isMap(node)) {
    // an empty block, `signup:` with nothing below, inherits everything
    if (isEmpty(node) && !shape.needs?.length) return found
    const known = Object.keys(properties)
    trail.wrong(
      node,
      path,
      `${what(node)} stands where a block of settings belongs`,
      `write keys below it, indented: ${known.slice(0, 5).join(', ')}${known.length > 5 ? ', ...' : ''}`,
    )
    return undefined
  }
  const entries = readKeys(node.items as Pair[], path, trail, Object.keys(properties))
  for (const { key, at, value } of entries) {
    const below = join(path, key)
    trail.stands(at, below)
    const value_ = read(value, properties[key] as Shape, below, trail)
    if (value_ !== undefined) found[key] = value_
  }
  for (const key of shape.needs ?? []) {
    const item = properties[key]
    if (item === undefined || node.has(key)) continue
    trail.wrong(node, path, `${key} is missing`, `add ${key}: ${exampleOf(item)}`)
  }
  return found
}

function exampleOf({ kind, of }: Shape): string {
  if (of?.[0] !== undefined) return String(of[0])
  if (kind === 'duration') return '10m'
  if (kind === 'money') return '50 USD'
  if (kind === 'integer' || kind === 'number') return '5'
  return '...'
}

function readMap(node: Node | null, shape: Shape, path: string, trail: Trail): unknown {
  const found: Record<string, unknown> = {}
  if (isEmpty(node)) return found
  if (!isMap(node)) {
    trail.wrong(
      node,
      path,
      `${what(node)} stands where a map belongs`,
      shape.keys === 'country' ? 'write NG: allow' : 'write name: and its settings below, indented',
    )
    return undefined
  }
  if (node.items.length > (shape.maxItems ?? 1_000)) {
    trail.wrong(node, path, `${node.items.length} entries`, `at most ${shape.maxItems} are taken`)
    return undefined
  }
  for (const { key, at, value } of readKeys(node.items as Pair[], path, trail, shape.keys)) {
    const below = join(path, key)
    trail.stands(at, below)
    const value_ = shape.item && read(value, shape.item, below, trail)
    if (value_ !== undefined) found[key] = value_
  }
  return found
}

function readList(node: Node | null, shape: Shape, path: string, trail: Trail): unknown {
  if (!isSeq(node)) {
    trail.wrong(
      node,
      path,
      `${what(node)} stands where a list belongs`,
      shape.items?.kind === 'block'
        ? 'begin each entry with "- ", or write [] for none'
        : 'write [ ... ], or [] for none',
    )
    return undefined
  }
  if (node.items.length > (shape.maxItems ?? 1_000)) {
    trail.wrong(node, path, `${node.items.length} entries`, `at most ${shape.maxItems} are taken`)
    return undefined
  }
  const seen = new Map<string, number>()
  return node.items.flatMap((item, i) => {
    const at = join(path, i)
    const value = shape.items && read(item as Node | null, shape.items, at, trail)
    if (value === undefined) return []
    const same = JSON.stringify(value)
    const first = seen.get(same)
    if (first !== undefined) {
      trail.wrong(item as Node, at, `the same as entry ${first}`, 'remove one of them')
      return []
    }
    seen.set(same, i)
    return [value]
  })
}
