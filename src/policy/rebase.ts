import { isMap, isNode, isScalar, type Node, parseDocument } from 'yaml'
import { editPolicy, type SettingPath, type SettingValue } from './edit.js'

export interface Rebased {
  /** theirs with my changes; `null` where they cannot be put in by themselves */
  text: string | null
  /** settings that both changed, and differently: mine stand in the text */
  overlaps: string[]
}

type Leaves = Map<string, { path: SettingPath; value: SettingValue }>

/**
 * Puts the settings that I changed since `base` into `theirs`: what two people get who edited the same version. Settings
 * are compared, not lines; lists are one setting.
 */
export function rebase(base: string, mine: string, theirs: string): Rebased {
  const [was, is, other] = [leavesOf(base), leavesOf(mine), leavesOf(theirs)]
  const edited = editPolicy(theirs)
  if (was === null || is === null || other === null || edited === null)
    return { text: null, overlaps: [] }
  const overlaps: string[] = []
  for (const key of new Set([...was.keys(), ...is.keys()])) {
    const [from, to, there] = [was.get(key), is.get(key), other.get(key)]
    if (same(from?.value, to?.value) || same(to?.value, there?.value)) continue
    if (!same(from?.value, there?.value)) overlaps.push(key)
    const path = (to ?? from)?.path ?? []
    if (!edited.set(path, to?.value)) return { text: null, overlaps }
  }
  return { text: edited.text(), overlaps }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Everything a file says, by path. */
function leavesOf(text: string): Leaves | null {
  const document = parseDocument(text, { prettyErrors: false })
  if (document.errors.length > 0 || !isMap(document.contents)) return null
  const leaves: Leaves = new Map()
  const walk = (node: Node | null, path: SettingPath): void => {
    if (isMap(node) && node.items.length > 0) {
      for (const { key, value } of node.items)
        walk(value as Node | null, [...path, String(isScalar(key) ? key.value : key)])
      return
    }
    const value = isNode(node) ? (node.toJS(document) as SettingValue | null) : null
    leaves.set(path.join('.'), { path, value: value ?? {} })
  }
  walk(document.contents, [])
  return leaves
}
