import type { FastifySchemaValidationError } from 'fastify'
import type { FieldError } from './field-errors.js'

/** More errors than these help nobody, and a body of 64 kB can hold thousands. */
const MOST_ERRORS = 20

/** What ajv adds to an error when it is verbose. */
interface VerboseError extends FastifySchemaValidationError {
  parentSchema?: { properties?: Record<string, unknown>; description?: string }
}

const ROOT: Record<string, string> = {
  body: '',
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

/** ajv's findings as fields with a path, a message and, where one is known, a hint. */
export function fieldErrors(
  validation: readonly FastifySchemaValidationError[],
  context: string,
): FieldError[] {
  const root = ROOT[context] ?? context
  const errors: FieldError[] = []
  for (const found of meant(validation as readonly VerboseError[])) {
    // The branches of a union say nothing that the union's own error does not.
    if (found.keyword === 'anyOf' || found.keyword === 'if') continue
    errors.push(fieldError(found, root))
    if (errors.length === MOST_ERRORS) break
  }
  return errors.length > 0
    ? errors
    : [{ path: root || '/', message: 'is not what is expected here' }]
}

/** A branch of a union, in the path of a schema. */
const BRANCH = /^.*\/anyOf\/\d+\//

/**
 * Of a union of kinds, told apart by a constant, what is wrong with the kind that was given. Where no kind has been given
 * that there is, the constants alone: what else its branches miss would be told of another kind.
 */
function meant(validation: readonly VerboseError[]): readonly VerboseError[] {
  const branchOf = ({ schemaPath }: VerboseError): string | undefined =>
    BRANCH.exec(schemaPath)?.[0]
  const unionOf = (branch: string): string => branch.replace(/\d+\/$/, '')
  const others = new Set(validation.filter(isConstant).map(branchOf))
  const given = new Set(
    validation.flatMap((found) => {
      const branch = branchOf(found)
      return branch === undefined || others.has(branch) ? [] : [unionOf(branch)]
    }),
  )
  return validation.filter((found) => {
    const branch = branchOf(found)
    if (branch === undefined || !others.has(branch)) return true
    return isConstant(found) && !given.has(unionOf(branch))
  })
}

/** By which member the kinds of a union are told apart: `type`, say. */
const isConstant = ({ schemaPath }: VerboseError): boolean =>
  /\/anyOf\/\d+\/properties\/[^/]+\/const$/.test(schemaPath)

function fieldError(found: VerboseError, root: string): FieldError {
  const at = `${root}${found.instancePath}`
  const params = found.params as Record<string, unknown>
  if (found.keyword === 'additionalProperties') {
    const name = String(params.additionalProperty)
    const known = Object.keys(found.parentSchema?.properties ?? {})
    return { path: `${at}/${pointer(name)}`, message: 'unknown field', hint: nearest(name, known) }
  }
  if (found.keyword === 'required') {
    return { path: `${at}/${String(params.missingProperty)}`, message: 'is missing' }
  }
  const hint = found.parentSchema?.description ?? allowed(params)
  const error = { path: at || '/', message: found.message ?? found.keyword }
  return hint === undefined ? error : { ...error, hint }
}

function allowed(params: Record<string, unknown>): string | undefined {
  const values =
    params.allowedValues ?? (params.allowedValue === undefined ? undefined : [params.allowedValue])
  return Array.isArray(values) ? `one of: ${values.join(', ')}` : undefined
}

const pointer = (name: string): string =>
  name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')

/** The field that was probably meant, or all there are. */
function nearest(name: string, known: readonly string[]): string {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const wanted = plain(name.slice(0, 40))
  // One slip in three letters is a slip; more is another word.
  const slips = Math.min(2, Math.floor(wanted.length / 3))
  const meant = known.find((field) => distance(plain(field), wanted) <= slips)
  if (meant !== undefined) return `did you mean ${meant}?`
  return known.length > 0 ? `known fields: ${known.join(', ')}` : 'no field is known here'
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
