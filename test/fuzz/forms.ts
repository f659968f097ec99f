import fc from 'fast-check'
import { damaged, torn } from './damage.js'
import { oddText, wellFormed } from './odd.js'
import { fitting, type Schema } from './schema-values.js'

const encode = (text: string): string => encodeURIComponent(wellFormed(text))

/** Ways to write one parameter that are, or look like, `name=value`. */
const written = (name: string, value: string, way: number): string => {
  const [n, v] = [encode(name), encode(value)]
  switch (way) {
    case 1:
      return `${n}[]=${v}`
    case 2:
      return `${n}=${v}&${n}=${v}`
    case 3:
      return n
    case 4:
      return `=${v}`
    case 5:
      return `${n}=${wellFormed(value)}`
    case 6:
      return `${n}=%zz${v}%`
    case 7:
      return `${n}=%ff%fe`
    case 8:
      return `${n}==${v}=`
    case 9:
      return `${n}[a][b][__proto__]=${v}`
    default:
      return `${n}=${v}`
  }
}

const pairsOf = (value: unknown): [string, string][] =>
  Object.entries(Object(value) as object).map(([name, v]) => [
    name,
    typeof v === 'string' ? v : (JSON.stringify(v) ?? ''),
  ])
const formFrom = (pairs: readonly [string, string][], ways: readonly number[] = [0]): Buffer =>
  Buffer.from(pairs.map(([n, v], i) => written(n, v, ways[i % ways.length] ?? 0)).join('&'))

const WRONG = ['', '&&&&', '=', '__proto__=1', '{"To":"+1"}', 'a=1&'.repeat(3_000)]

/** Bodies of the Twilio-compatible API: forms of what the schema takes. */
export function formOf(schema: Schema, odd: boolean): fc.Arbitrary<Buffer> {
  const valid = fitting({ ...schema, type: 'object' })
  if (!odd) return valid.map((value) => formFrom(pairsOf(value)))
  const more = fc.array(fc.tuple(oddText, oddText), { maxLength: 2 })
  const ways = fc.array(fc.nat(9), { minLength: 1, maxLength: 6 })
  const form = fc
    .tuple(damaged(valid), more, ways)
    .map(([value, others, given]) => formFrom([...pairsOf(value), ...others], given))
  return fc.oneof(
    { weight: 5, arbitrary: form },
    { weight: 1, arbitrary: torn(form) },
    { weight: 1, arbitrary: fc.constantFrom(...WRONG).map((raw) => Buffer.from(raw)) },
  )
}
