import {
  type Document,
  isMap,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
  YAMLParseError,
} from 'yaml'
import { DEFAULT_POLICY } from '../engine/defaults.js'
import type { Policy } from '../engine/policy.js'
import { conflictsOf } from './checks.js'
import { capsOf, defaultFile, otherServicesOf, toEngine } from './convert.js'
import { merge } from './merge.js'
import { MAX_ERRORS, type PolicyError } from './problem.js'
import { read } from './read.js'
import { type Partly, PolicyFile, type ServiceFile } from './schema-service.js'
import { type Shape, shorten, type Trail } from './shape.js'

/** Longest file, bytes. */
export const MAX_BYTES = 1_048_576
/** Most words, marks and gaps of a file: each can be a mistake, and a mistake takes the parser some ten microseconds. */
const MAX_PARTS = 100_000

/** Line of every setting that the file makes, by its path: `services.signup.code.digits` -> 12. */
export type Origins = ReadonlyMap<string, number>

export interface LoadedPolicy {
  ok: true
  policy: Policy
  /** services in the file's words, complete: its own settings over `defaults` over the built-in ones */
  services: Record<string, ServiceFile>
  /** what a service without an entry has, in the file's words */
  defaults: ServiceFile
  otherServices: PolicyFile['otherServices']
  origins: Origins
  file: string
}
export type PolicyLoad = LoadedPolicy | { ok: false; errors: PolicyError[] }

/**
 * Reads a policy file. Every mistake is reported at once (at most 50), with line, column, value and how to mend it.
 *
 * @example
 * const loaded = loadPolicy('version: 1\nmode: enforce\nservices: { signup: { markets: [NG] } }')
 * if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
 */
export function loadPolicy(text: string, { file = 'policy.yaml' } = {}): PolicyLoad {
  const errors: PolicyError[] = []
  const report = (error: Omit<PolicyError, 'file'>): void => {
    if (errors.length < MAX_ERRORS) errors.push({ file, ...error })
  }
  const whole = (message: string, hint: string): PolicyLoad => {
    report({ line: 1, column: 1, path: '', message, hint })
    return { ok: false, errors }
  }
  if (Buffer.byteLength(text) > MAX_BYTES)
    return whole(
      'the file is over 1 MB',
      'long lists of numbers belong in the lists of the console',
    )
  if (text.includes('\0'))
    return whole(
      'the file is no text in UTF-8',
      'save it as UTF-8; Windows PowerShell writes UTF-16 behind ">"',
    )
  if (hasTooManyParts(text))
    return whole(
      `the file has over ${MAX_PARTS.toLocaleString('en-US')} words and marks`,
      'long lists of numbers belong in the lists of the console',
    )

  const counter = new LineCounter()
  const document = parse(text, counter)
  if (document === null || document.errors.some(({ message }) => message.includes('call stack')))
    return whole('nested too deeply to be read', 'a policy has at most six levels')
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  for (const fault of [...document.errors, ...document.warnings]) {
    report({ ...place(fault.pos[0]), path: '', ...yamlFault(fault) })
  }
  // a text that is no YAML has a shape by chance only: what its parts mean would be noise
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return { ok: false, errors }

  const origins = new Map<string, number>()
  const nodes = new Map<string, Node | null>()
  const trail: Trail = {
    stands(node, path) {
      nodes.set(path, node)
      if (node?.range) origins.set(path, place(node.range[0]).line)
    },
    wrong(node, path, message, hint) {
      const value = node?.range ? text.slice(node.range[0], node.range[1]).trim() : ''
      report({
        ...place(node?.range?.[0] ?? offsetOf(path, nodes)),
        path,
        ...(value !== '' && { value: shorten(value) }),
        message,
        hint,
      })
    },
  }
  const root = document.contents
  if (root === null || (isMap(root) && root.items.length === 0))
    return whole('the file is empty', 'begin with version: 1')
  const found = read(root, PolicyFile as unknown as Shape, '', trail) as
    | Partly<PolicyFile>
    | undefined
  if (found === undefined) return { ok: false, errors }
  const loaded = assemble(found, origins, file)
  // contradictions of values that were not understood would be noise
  for (const [name, service, base] of errors.length > 0 ? [] : checked(loaded, found)) {
    for (const { key, message, hint } of conflictsOf(service)) {
      const path = nodes.has(`${name}.${key}`) ? `${name}.${key}` : `${base}.${key}`
      trail.wrong(nodes.get(path) ?? nodes.get(name) ?? root, path, message, hint)
    }
  }
  return errors.length > 0 ? { ok: false, errors: errors.sort(byPlace) } : loaded
}

const byPlace = (a: PolicyError, b: PolicyError): number => a.line - b.line || a.column - b.column

function hasTooManyParts(text: string): boolean {
  let parts = 0
  for (const _ of new Lexer().lex(text)) if (++parts > MAX_PARTS) return true
  return false
}

/** `null`: nested so deeply that the parser ran out of stack. */
function parse(text: string, lineCounter: LineCounter) {
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false })
    document.errors.push(...repeatedKeys(document))
    return document
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** The parser's own check compares each key with all before it: the keys of one megabyte would take it minutes. */
function repeatedKeys(document: Document): YAMLParseError[] {
  const found: YAMLParseError[] = []
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const [from = 0, to = from] = key.range ?? []
        if (seen.has(key.value))
          found.push(new YAMLParseError([from, to], 'DUPLICATE_KEY', 'a key stands twice'))
        seen.add(key.value)
      }
    },
  })
  return found
}

/** Offset of the nearest thing above a path that stands in the file. */
function offsetOf(path: string, nodes: ReadonlyMap<string, Node | null>): number {
  for (let at = path; at !== ''; at = at.replace(/(\.[^.]*|\[\d+\]|^[^.[]*)$/, '')) {
    const node = nodes.get(at)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function yamlFault({ code, message }: YAMLError): { message: string; hint: string } {
  if (code === 'DUPLICATE_KEY')
    return { message: 'this key stands twice in its block', hint: 'keep one of them' }
  if (code === 'TAB_AS_INDENT' || message.includes('Tabs'))
    return { message: 'a tab as indentation', hint: 'indent with spaces' }
  if (code === 'MULTIPLE_DOCS')
    return { message: 'more than one document', hint: 'remove the line "---" and what follows' }
  return {
    message: `not YAML: ${message.split('\n')[0]}`,
    hint: 'check the indentation, colons and quotes here and on the line before',
  }
}

function assemble(found: Partly<PolicyFile>, origins: Origins, file: string): LoadedPolicy {
  const { defaults: block, mode = DEFAULT_POLICY.mode } = found
  const builtIn = { ...defaultFile(), mode }
  const defaults = merge(builtIn, block)
  const services = Object.fromEntries(
    Object.entries(found.services ?? {}).map(([name, service]) => [
      name,
      merge(builtIn, block, service),
    ]),
  )
  const otherServices = otherServicesOf(found)
  return {
    ok: true,
    policy: {
      version: 1,
      mode,
      spendCaps: capsOf(found.spendCaps ?? [], 'global'),
      services: Object.fromEntries(
        Object.entries(services).map(([name, service]) => [name, toEngine(service, name)]),
      ),
      fallback: otherServices === 'deny' ? null : toEngine(defaults, 'default'),
    },
    services,
    defaults,
    otherServices,
    origins,
    file,
  }
}

/** Each block that is a service in the end: its path, its settings, the path of what it inherits. */
function* checked(
  loaded: LoadedPolicy,
  found: Partly<PolicyFile>,
): Generator<[path: string, service: ServiceFile, base: string]> {
  if (loaded.otherServices === 'default' && found.defaults !== undefined)
    yield ['defaults', loaded.defaults, 'defaults']
  for (const [name, service] of Object.entries(loaded.services))
    yield [`services.${name}`, service, 'defaults']
}
