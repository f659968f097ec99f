import fc from 'fast-check'
import { NUMBERS, oddText, oddValue, textFor } from './odd.js'

/** JSON Schema, as far as the routes of the gateway use it. */
export interface Schema {
  $ref?: string
  type?: string | readonly string[]
  enum?: readonly unknown[]
  const?: unknown
  anyOf?: readonly Schema[]
  properties?: Record<string, Schema>
  required?: readonly string[]
  additionalProperties?: boolean | Schema
  patternProperties?: Record<string, Schema>
  items?: Schema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  pattern?: string
}

const MOST_ITEMS = 4

/** Values that the schema lets through: what is asked then gets as far as the handler. */
export function fitting(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => fitting(one, name)))
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])
  if (types.length > 1) return fc.oneof(...types.map((type) => fitting({ ...schema, type }, name)))
  switch (types[0]) {
    case 'string':
      return textOf(schema, name)
    case 'integer':
    case 'number': {
      const { minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE } = schema
      const whole = types[0] === 'integer'
      const inside = NUMBERS.filter(
        (n) => n >= minimum && n <= maximum && (!whole || Number.isInteger(n)),
      )
      const ends = [schema.minimum, schema.maximum].filter((n) => n !== undefined)
      return fc.constantFrom(...inside, ...ends)
    }
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array': {
      const { items = {}, minItems = 0, maxItems = MOST_ITEMS } = schema
      return fc.array(fitting(items, name), {
        minLength: Math.min(minItems, MOST_ITEMS),
        maxLength: Math.max(minItems, Math.min(maxItems, MOST_ITEMS)),
      })
    }
    case 'object':
      return objectOf(schema)
    default:
      return oddValue
  }
}

function textOf(schema: Schema, name: string): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = 100_000, pattern } = schema
  const known = textFor(name)
  if (pattern !== undefined) {
    const expression = new RegExp(pattern)
    const made = fc
      .stringMatching(expression)
      .filter((text) => text.length >= minLength && text.length <= maxLength)
    const fits = (text: string) => /^@@\d+@@$/.test(text) || expression.test(text)
    // a host is looked up: only those that are here
    if (name === 'host') return known
    return fc.oneof(
      made,
      fc.tuple(known, made).map(([a, b]) => (fits(a) ? a : b)),
    )
  }
  return fc.oneof(known, known, oddText).map((text) => {
    const cut = text.slice(0, maxLength)
    return cut.length < minLength ? cut.padEnd(minLength, 'x') : cut
  })
}

function objectOf({ properties = {}, required = [], ...schema }: Schema): fc.Arbitrary<object> {
  const model = Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, fitting(value, key)]),
  )
  const least = Object.fromEntries(required.map((key) => [key, model[key] ?? oddValue]))
  const object = fc.oneof(
    { weight: 1, arbitrary: fc.record(least) },
    { weight: 2, arbitrary: fc.record(model, { requiredKeys: [...required] }) },
  )
  const open = Object.entries(schema.patternProperties ?? {})[0]
  if (open === undefined && typeof schema.additionalProperties !== 'object') return object
  const [pattern, each] = open ?? ['^.{1,20}$', schema.additionalProperties as Schema]
  const more = fc.dictionary(
    fc.oneof(fc.stringMatching(new RegExp(pattern)), oddText),
    fitting(each),
    {
      maxKeys: 12,
    },
  )
  return fc.tuple(object, more).map(([a, b]) => ({ ...b, ...a }))
}
