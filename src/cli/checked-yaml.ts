import { KindGuard, type TObject, type TSchema } from '@sinclair/typebox'
import { Value, type ValueError, ValueErrorType } from '@sinclair/typebox/value'
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { closest } from '../policy/suggest.js'

/** Something wrong in a file: where, what, and how to mend it. */
export interface Problem {
  /** `tollgate.yaml:3:5` */
  where: string
  /** `server.port`; empty for the file as a whole */
  path: string
  message: string
}

export const showProblem = ({ where, path, message }: Problem): string =>
  [where, path, message].filter((part) => part !== '').join(': ')

export type Path = readonly (string | number)[]
export const showPath = (path: Path): string =>
  path.map((p, i) => (typeof p === 'number' ? `[${p}]` : i === 0 ? p : `.${p}`)).join('')

/**
 * A YAML file against a schema. Everything that is wrong in it is told at once, with line and column.
 * @param more what a schema cannot say: paths and what is wrong there
 */
export function readCheckedYaml(
  text: string,
  file: string,
  schema: TObject,
  more: (value: unknown) => { path: Path; message: string }[] = () => [],
): { ok: true; value: unknown } | { ok: false; problems: Problem[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => ({
      where: at(pos[0]),
      path: '',
      message,
    }))
    return { ok: false, problems }
  }
  let value: unknown
  try {
    value = document.toJS() ?? {}
  } catch (error) {
    // aliases of aliases: a few lines would become gigabytes
    if (!(error instanceof ReferenceError)) throw error
    const message = 'aliases multiply here; write the values out'
    return { ok: false, problems: [{ where: file, path: '', message }] }
  }
  const wrong = valueProblems(schema, value)
  const found = wrong.length > 0 ? wrong : more(value)
  if (found.length === 0) return { ok: true, value }
  return {
    ok: false,
    problems: found.map(({ path, message }) => ({
      where: at(offsetOf(document, path)),
      path: showPath(path),
      message,
    })),
  }
}

/** What is wrong with a value, each path once, outermost first. */
export function valueProblems(schema: TSchema, value: unknown): { path: Path; message: string }[] {
  const found: { path: Path; message: string }[] = []
  const seen = new Set<string>()
  for (const error of Value.Errors(schema, value)) {
    if (seen.has(error.path)) continue
    seen.add(error.path)
    found.push({ path: pathOf(error.path), message: messageOf(error) })
  }
  return found
}

const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))

function messageOf({ type, schema, path, value, message }: ValueError): string {
  if (type === ValueErrorType.ObjectAdditionalProperties) {
    const known = Object.keys((schema as TObject).properties)
    const key = String(pathOf(path).at(-1))
    const meant = closest(key, known)
    return meant === undefined
      ? `unknown key; known keys: ${known.join(', ')}`
      : `unknown key; did you mean ${meant}?`
  }
  const shown = JSON.stringify(value) ?? 'nothing'
  const short = shown.length > 60 ? `${shown.slice(0, 57)}...` : shown
  return `${short} is not right; give ${schema.description ?? wantedOf(schema, message)}`
}

/** What a schema takes that has no words of its own for it. */
function wantedOf(schema: TSchema, message: string): string {
  if (KindGuard.IsObject(schema))
    return `keys with values: ${Object.keys(schema.properties).join(', ')}`
  return message.replace(/^Expected /, '').replace(/^(?=number|string|boolean)/, 'a ')
}

/** Where a path stands in the text: its key, its place in a list, or what it is missing from. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      if (pair === undefined) return offset
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else {
      if (!isSeq(node)) return offset
      node = node.items[Number(step)]
      offset = startOf(node) ?? offset
    }
  }
  return offset
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined)
