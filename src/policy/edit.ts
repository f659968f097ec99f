import {
  Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml'
import { diffLines } from './line-diff.js'

/** Where a setting stands: `['services', 'signup', 'code', 'digits']`. */
export type SettingPath = readonly string[]

/** A value as a policy file has it. `undefined` takes the setting out, so that it is inherited again. */
export type SettingValue =
  | string
  | number
  | boolean
  | readonly SettingValue[]
  | { readonly [key: string]: SettingValue }

/** A policy file that is being edited: text in, text out, comments and order kept. */
export interface EditedPolicy {
  /** What the file itself says; `undefined` where it says nothing. */
  get(path: SettingPath): unknown
  /** @returns false where the text must be edited by hand: an alias or a value of another shape stands in the way */
  set(path: SettingPath, value: SettingValue | undefined): boolean
  text(): string
}

/** `null`: the text is no YAML, so that there is nothing to edit in it. */
export function editPolicy(text: string): EditedPolicy | null {
  const document = parse(text)
  if (document === null) return null
  let current = { text, document }
  return {
    get(path) {
      const value = current.document.getIn(path, true)
      return isNode(value) ? value.toJS(current.document) : value
    },
    set(path, value) {
      if (!isReachable(current.document, path)) return false
      const next = spliced(current, path, value) ?? rewritten(current, path, value)
      const document = parse(next)
      if (document === null) return false
      current = { text: next, document }
      return true
    },
    text: () => current.text,
  }
}

interface Parsed {
  text: string
  document: Document
}

/** A single value in the place of another: nothing else of the text is touched. `null`: it is not that simple. */
function spliced(
  { text, document }: Parsed,
  path: SettingPath,
  value?: SettingValue,
): string | null {
  const node = document.getIn(path, true)
  if (!isScalar(node) || isEmpty(node) || !node.range) return null
  if (value === undefined || typeof value === 'object') return null
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL' || node.anchor) return null
  const [start, end] = node.range
  const flow = new Document([value])
  if (isSeq(flow.contents)) flow.contents.flow = true
  // as it is written within brackets: right in a block, too
  const written = flow.toString({ lineWidth: 0, flowCollectionPadding: false }).trim().slice(1, -1)
  return text.slice(0, start) + written + text.slice(end)
}

function rewritten({ text }: Parsed, path: SettingPath, value?: SettingValue): string {
  const document = parseDocument(text)
  if (value === undefined) remove(document, path)
  else put(document, path, value)
  // long lists and texts stay on the lines they were on
  return likeBefore(text, document.toString({ lineWidth: 0, flowCollectionPadding: true }))
}

/** Lines that differ from the old ones in blanks only are written as they were, where that says the same. */
function likeBefore(before: string, after: string): string {
  const blank = (text: string): string => text.replaceAll(/[ \t]/g, '')
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  let at = 0
  const lines: string[] = []
  for (const { kind, line } of diffLines(blank(before), blank(after))) {
    if (kind === 'added') lines.push(fresh[line - 1] ?? '')
    if (kind === 'same') lines.push(old[at] ?? '')
    if (kind !== 'added') at++
  }
  const restored = lines.join('\n')
  const said = (text: string): string =>
    JSON.stringify([parseDocument(text).toJS(), commentsIn(text)])
  try {
    return said(restored) === said(after) ? restored : after
  } catch {
    // the blanks were not blank: what was rewritten stands
    return after
  }
}

function parse(text: string): Document | null {
  try {
    const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true })
    if (document.errors.length > 0) return null
    if (document.contents !== null && !isMap(document.contents)) return null
    return document
  } catch (error) {
    // nested so deeply that the parser ran out of stack
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Everything above the setting is a map of this file or is not there. An alias would change two places at once. */
function isReachable(document: Document, path: SettingPath): boolean {
  for (let depth = 0; depth < path.length; depth++) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true)
    if (node === undefined || node === null || isEmpty(node)) return true
    if (!isMap(node)) return false
    if (node.items.some((pair) => isScalar(pair.key) && pair.key.value === '<<')) return false
  }
  return true
}

const isEmpty = (node: unknown): boolean => isScalar(node) && node.value === null

function put(document: Document, path: SettingPath, value: SettingValue): void {
  for (let depth = 1; depth < path.length; depth++) {
    const above = path.slice(0, depth)
    // `signup:` with nothing behind it is a block of which everything is inherited
    if (isEmpty(document.getIn(above, true))) replace(document, above, document.createNode({}))
  }
  const before = document.getIn(path, true)
  if (isScalar(before) && typeof value !== 'object') {
    before.value = value
    // how the old value was written says nothing of the new one
    delete (before as Partial<Scalar>).source
    delete before.format
    return
  }
  const node = document.createNode(value) as Node
  if (isCollection(node)) node.flow = isShort(value)
  if (isCollection(node) && isSeq(node))
    for (const item of node.items) if (isCollection(item)) item.flow = true
  if (isSeq(before) && isSeq(node)) keepItems(before, node)
  replace(document, path, node)
}

/** Entries that stay keep the comments they have. */
function keepItems(
  before: { items: unknown[]; flow?: boolean },
  after: { items: unknown[]; flow?: boolean },
): void {
  const known = new Map(before.items.map((item) => [JSON.stringify(item), item]))
  after.items = after.items.map((item) => known.get(JSON.stringify(item)) ?? item)
  after.flow = before.flow === true && after.flow === true
  const hasComments = after.items.some(
    (item) => isNode(item) && (item.comment || item.commentBefore),
  )
  if (hasComments || before.flow !== true) after.flow = false
}

const SHORT = 70
const isShort = (value: SettingValue): boolean =>
  JSON.stringify(value).length <= SHORT &&
  !(Array.isArray(value) && value.some((item) => typeof item === 'object'))

function replace(document: Document, path: SettingPath, node: Node): void {
  const before = document.getIn(path, true)
  if (isNode(before) && !isAlias(before)) {
    const { comment, commentBefore, spaceBefore } = before
    if (comment) node.comment = comment
    if (commentBefore) node.commentBefore = commentBefore
    if (spaceBefore) node.spaceBefore = spaceBefore
  }
  document.setIn(path, node)
}

/** What is taken out leaves its comments to what follows, and no empty blocks but those that name a service. */
function remove(document: Document, path: SettingPath): void {
  const parentPath = path.slice(0, -1)
  const parent = parentPath.length === 0 ? document.contents : document.getIn(parentPath, true)
  if (!isMap(parent)) return
  const at = parent.items.findIndex((pair) => keyOf(pair) === path.at(-1))
  const pair = parent.items[at]
  if (pair === undefined) return
  const left = commentsOf(pair)
  parent.items.splice(at, 1)
  if (left !== '') leave(document, parent, at, left)
  const names = parentPath[0] === 'services' && parentPath.length <= 2
  if (parent.items.length > 0 || parentPath.length === 0 || names) return
  remove(document, parentPath)
}

const keyOf = (pair: Pair): unknown => (isScalar(pair.key) ? pair.key.value : pair.key)

function commentsOf(pair: Pair): string {
  const comments: string[] = []
  const note = (node: unknown): void => {
    if (!isNode(node)) return
    if (node.commentBefore) comments.push(node.commentBefore)
    if (node.comment) comments.push(node.comment)
  }
  note(pair.key)
  if (isNode(pair.value))
    visit(pair.value, (_, node) => {
      note(node)
    })
  return comments.join('\n')
}

const joined = (...comments: (string | null | undefined)[]): string =>
  comments.filter((comment) => comment).join('\n')

function leave(document: Document, parent: YAMLMap, at: number, comment: string): void {
  const next = parent.items[at]
  if (next !== undefined && isPair(next) && isNode(next.key)) {
    next.key.commentBefore = joined(comment, next.key.commentBefore)
    return
  }
  if (parent === document.contents) document.comment = joined(comment, document.comment)
  else if (parent.flow) document.comment = joined(comment, document.comment)
  else parent.comment = joined(parent.comment, comment)
}

/** Every comment of a text, in its order: what an edit must not lose. */
export function commentsIn(text: string): string[] {
  const found: string[] = []
  const document = parseDocument(text, { prettyErrors: false })
  const note = (comment: string | null | undefined): void => {
    for (const line of comment?.split('\n') ?? []) if (line.trim() !== '') found.push(line.trim())
  }
  note(document.commentBefore)
  visit(document, (_, node) => {
    if (!isNode(node)) return
    note(node.commentBefore)
    note(node.comment)
  })
  note(document.comment)
  return found
}
