import { isScalar, type Node, type Pair } from 'yaml'
import { COUNTRIES, countryHint } from './countries.js'
import { join, type Shape, shorten, type Trail } from './shape.js'
import { closest } from './suggest.js'

type Keys = NonNullable<Shape['keys']>

/** A key and what stands below it; `at` is the key itself. */
interface Entry {
  key: string
  at: Node | null
  value: Node | null
}

/** The keys of a map that may stand there; the others are reported. */
export function readKeys(
  pairs: readonly Pair[],
  path: string,
  trail: Trail,
  keys: Keys | undefined,
): Entry[] {
  const entries: Entry[] = []
  for (const pair of pairs) {
    const node = pair.key as Node | null
    // a key such as 234 is a number to YAML; people mean the text
    const key = isScalar(node) ? String(node.source ?? node.value) : null
    if (key === null) {
      trail.wrong(node, path, 'a key that is not plain text', 'keys are single words')
      continue
    }
    const hint = keyHint(key, keys)
    if (hint === null) entries.push({ key, at: node, value: pair.value as Node | null })
    else trail.wrong(node, join(path, shorten(key)), keyFault(key, keys), hint)
  }
  return entries
}

const isNames = (keys: Keys | undefined): keys is readonly string[] => Array.isArray(keys)

function keyFault(key: string, keys: Keys | undefined): string {
  const shown = JSON.stringify(shorten(key))
  if (keys === 'country') return `${shown} is not a country code`
  return isNames(keys) ? `unknown key ${shown}` : `${shown} is not a name`
}

/** `null`: the key is all right. */
function keyHint(key: string, keys: Keys | undefined): string | null {
  if (key === '<<') return 'merge keys are not taken: put what services share under defaults:'
  if (keys === undefined) return null
  if (keys === 'country') return COUNTRIES.has(key) ? null : countryHint(key)
  if (!isNames(keys)) {
    if (key === '__proto__') return 'choose another name'
    return keys.pattern.test(key) ? null : keys.hint
  }
  if (keys.includes(key)) return null
  const meant = closest(key, keys)
  return meant === undefined ? `known here: ${keys.join(', ')}` : `did you mean ${meant}?`
}
