import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Role } from '../../src/desk/access/user.js'
import type { Question } from './ask.js'
import { damaged, torn } from './damage.js'
import { formOf } from './forms.js'
import { CANARY, MOST_NTH, oddText, PLACEHOLDER, textFor, wellFormed } from './odd.js'
import { receiptsOf } from './receipts.js'
import type { Route } from './routes.js'
import { fitting, type Schema } from './schema-values.js'
import { multipartOf } from './uploads.js'

/** Who asks: an application's key, a signed-in role, or nobody. */
export type Asker = 'key' | Role | 'nobody'

/** A name that the gateway gave out, for a parameter of a route. */
type NameAt = (route: Route, parameter: string, n: number) => string

/** Something to ask. Names that the gateway gave out are known only when it is asked. */
export interface Case {
  asker: Asker
  /** in place of the route's own */
  method: string | null
  /** of each parameter of the path: the n-th name that is known, or a text */
  parameters: (number | string)[]
  query: string
  headers: Record<string, string>
  body: Buffer | null
}

/** Halves of pairs cannot be in a URL: U+FFFD stands for them. */
const encode = (value: unknown): string =>
  encodeURIComponent(
    wellFormed(String(value))
      .slice(0, 3_000)
      .replace(/[\ud800-\udbff]$/, ''),
  )

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']
const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

const TYPES = [
  'text/plain',
  'application/json; charset=utf-16',
  'application/json;;',
  'multipart/form-data',
  'APPLICATION/JSON',
  '',
  'x',
  FORM_TYPE,
  JSON_TYPE,
]
const visible = (text: string): string =>
  text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 4_000)

/** Headers that a server, a proxy or one of our own hooks reads. */
const oddHeaders: fc.Arbitrary<Record<string, string>> = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        ...['content-type', 'accept', 'idempotency-key', 'x-forwarded-for', 'x-forwarded-host'],
        ...['x-forwarded-proto', 'origin', 'referer', 'host', 'cookie', 'user-agent', 'range'],
        ...['if-none-match', 'content-encoding', 'accept-encoding', 'x-http-method-override'],
        ...[
          'x-tollgate-console',
          'x-tollgate-idle',
          'sec-fetch-site',
          'last-event-id',
          'authorization',
        ],
      ),
      fc.oneof(
        oddText.map(visible),
        fc.constantFrom(
          ...TYPES,
          'gzip',
          'bytes=0-',
          '1.2.3.4, ::1, x',
          'null',
          'https://',
          'http://[',
          'a b',
          'x:99999',
        ),
        fc.constantFrom(
          'Basic Og==',
          'Basic !!!',
          'Bearer ',
          'Bearer :',
          `Basic ${'A'.repeat(6_000)}`,
          'tollgate_session=x; tollgate_session=',
          '__Host-tollgate_session=%00',
        ),
      ),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((pairs) => Object.fromEntries(pairs))

const queryText = (schema: Schema | null, odd: boolean): fc.Arbitrary<string> => {
  const valid =
    schema === null
      ? fc.constant<unknown>({})
      : (fitting({ ...schema, type: 'object' }) as fc.Arbitrary<unknown>)
  const proper = valid.map((value) =>
    Object.entries(value as object)
      .map(([key, one]) => `${encode(key)}=${encode(one)}`)
      .join('&'),
  )
  const names = Object.keys(schema?.properties ?? { q: {} })
  const one = fc.tuple(fc.oneof(fc.constantFrom(...names), oddText), oddText)
  const strange = fc
    .tuple(
      proper,
      fc.array(one, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '&', '%', '&&=&', '[]=x', '%zz', '%ff'),
    )
    .map(
      ([start, more, tail]) =>
        `${start}&${more.map(([k, v]) => `${encode(k)}=${encode(v)}`).join('&')}${tail}`,
    )
  return odd ? strange : proper
}

/** A segment of a path: a name that is known, or one that could be. */
const parameter = (schema: Schema, name: string): fc.Arbitrary<number | string> => {
  const own = schema.properties?.[name]
  const known = fc.nat(MOST_NTH)
  if (own?.enum !== undefined) return fc.constantFrom(...(own.enum as string[]))
  if (own === undefined) return known
  if (name === 'provider') return textFor(name)
  const fits = fitting(own, name).map((value) => encode(value))
  return fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: fits })
}

const oddParameter = (schema: Schema, name: string): fc.Arbitrary<number | string> =>
  fc.oneof(
    parameter(schema, name),
    oddText.map((text) => encode(text.slice(0, 900))),
    textFor(name).map((text) => encode(text.slice(0, 900))),
    fc.constantFrom('%', '%00', '%2e%2e', '..', '%ff', '', '%2f', ';', '*'),
  )

const WRONG = ['', 'null', '[]', '"x"', '0', '['.repeat(9_000), '{"__proto__":{"x":1}}']
const WRONG_NUMBERS = ['{"a":1e999}', '{"a":-1e-999}', '{"a":0123}', '\ufeff{}']

const jsonBody = (schema: Schema, odd: boolean): fc.Arbitrary<Buffer> => {
  const written = (value: fc.Arbitrary<unknown>) =>
    value.map((one) => Buffer.from(JSON.stringify(one) ?? ''))
  const valid = written(fitting(schema))
  if (!odd) return valid
  const text = written(damaged(fitting(schema)))
  return fc.oneof(
    { weight: 8, arbitrary: text },
    { weight: 2, arbitrary: torn(valid) },
    { weight: 1, arbitrary: text.map((body) => gzipSync(body)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...WRONG, ...WRONG_NUMBERS).map((raw) => Buffer.from(raw)),
    },
  )
}

const PARAMETER = /:([A-Za-z]+)/g

/** What of a case is odd: one thing at a time gets further in than everything at once. */
type Odd = 'nothing' | 'body' | 'path' | 'query' | 'headers' | 'method'
const odds: fc.Arbitrary<Odd> = fc.oneof(
  ...(
    [
      ['nothing', 8],
      ['body', 8],
      ['path', 3],
      ['query', 3],
      ['headers', 3],
      ['method', 1],
    ] as const
  ).map(([odd, weight]) => ({ weight, arbitrary: fc.constant(odd) })),
)

interface Sent {
  type: string
  body: Buffer | null
}
const nothing: fc.Arbitrary<Sent> = fc.constant({ type: '', body: null })

/** Bodies in the form that the route takes. */
function bodyOf(route: Route, odd: boolean): fc.Arbitrary<Sent> {
  const schema = route.body ?? {}
  if (route.path.endsWith('/receipts')) return receiptsOf.map((body) => ({ type: JSON_TYPE, body }))
  if (route.path.endsWith('/invoice')) return multipartOf(odd)
  if (route.path.startsWith('/v2/') && route.method !== 'GET')
    return formOf(schema, odd).map((body) => ({ type: FORM_TYPE, body }))
  if (!odd && route.body === null) return nothing
  return jsonBody(schema, odd).map((body) => ({ type: JSON_TYPE, body }))
}

/** Cases for a route, half of which come through to its handler. */
export const casesOf = (route: Route): fc.Arbitrary<Case> => odds.chain((odd) => caseOf(route, odd))

/** Cases that nothing is wrong with but their values. */
export const soundCasesOf = (route: Route): fc.Arbitrary<Case> => caseOf(route, 'nothing')

function caseOf(route: Route, odd: Odd): fc.Arbitrary<Case> {
  const parameters = [...route.path.matchAll(PARAMETER)].map(([, name = '']) => name)
  return fc
    .record({
      asker: fc.oneof(
        { weight: 4, arbitrary: fc.constant<Asker>('key') },
        { weight: 4, arbitrary: fc.constant<Asker>('admin') },
        { weight: 2, arbitrary: fc.constantFrom<Asker>('analyst', 'viewer', 'nobody') },
      ),
      method: odd === 'method' ? fc.constantFrom(...METHODS) : fc.constant(null),
      parameters: fc.tuple(
        ...parameters.map((name) =>
          odd === 'path' ? oddParameter(route.params, name) : parameter(route.params, name),
        ),
      ),
      query: queryText(route.query, odd === 'query'),
      headers: odd === 'headers' ? oddHeaders : fc.constant({}),
      sent: bodyOf(route, odd === 'body'),
    })
    .map(({ sent, headers, ...rest }) =>
      readable({
        ...rest,
        body: sent.body,
        headers: { ...(sent.type !== '' && { 'content-type': sent.type }), ...headers },
      }),
    )
}

/** Shown as what is sent, where a case has failed. */
const readable = (one: Case): Case =>
  Object.defineProperty(one, fc.toStringMethod, {
    value: () => JSON.stringify({ ...one, body: one.body?.toString('latin1').slice(0, 2_000) }),
  })

/** The case as it goes over the wire, with the names that are known by now. */
export function questionOf(
  route: Route,
  { method, parameters, query, headers, body }: Case,
  nameAt: NameAt,
): Question {
  const inOrder = [...parameters]
  const path = route.path
    .replace(PARAMETER, (_all, parameter: string) => {
      const given = inOrder.shift() ?? ''
      if (typeof given === 'string') return given
      return encode(nameAt(route, parameter, given))
    })
    .replace('*', encode(CANARY))
  const named = (_all: string, n: string): string => encode(nameAt(route, '', Number(n)))
  const target = query === '' ? path : `${path}?${query.replace(PLACEHOLDER, named)}`
  return {
    method: method ?? route.method,
    target,
    headers,
    body:
      body &&
      (body.includes('@@') || body.includes('%40%40') ? withNames(route, body, nameAt) : body),
  }
}

/** Names of ours need escaping neither in JSON nor, but for `+`, in a form. */
function withNames(route: Route, body: Buffer, nameAt: NameAt): Buffer {
  const text = body.toString('latin1').replace(PLACEHOLDER, (all: string, n: string) => {
    const name = nameAt(route, '', Number(n))
    return all.startsWith('%') ? encode(name) : JSON.stringify(name).slice(1, -1)
  })
  return Buffer.from(text, 'latin1')
}
