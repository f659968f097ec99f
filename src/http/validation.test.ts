import { describe, expect, test } from 'vitest'
import { summary } from './field-errors.js'
import { fieldErrors } from './validation.js'

const unknown = (name: string, known: string[]) => ({
  keyword: 'additionalProperties',
  instancePath: '/context',
  schemaPath: '',
  params: { additionalProperty: name },
  message: 'must NOT have additional properties',
  parentSchema: { properties: Object.fromEntries(known.map((each) => [each, {}])) },
})
const known = ['ip', 'deviceId', 'accountId', 'to']

describe('unknown fields', () => {
  test.each([
    ['device_id', 'did you mean deviceId?'],
    ['DeviceID', 'did you mean deviceId?'],
    ['devceId', 'did you mean deviceId?'],
    ['acountid', 'did you mean accountId?'],
    ['x', 'known fields: ip, deviceId, accountId, to'],
    ['phone', 'known fields: ip, deviceId, accountId, to'],
    ['y'.repeat(10_000), 'known fields: ip, deviceId, accountId, to'],
  ])('%.20s: %s', (name, hint) => {
    expect(fieldErrors([unknown(name, known)], 'body')[0]).toMatchObject({
      message: 'unknown field',
      hint,
    })
  })

  test('are named by a JSON pointer of bounded length', () => {
    expect(fieldErrors([unknown('a/b~c', known)], 'body')[0]?.path).toBe('/context/a~1b~0c')
    expect(fieldErrors([unknown('y'.repeat(10_000), known)], 'querystring')[0]?.path).toBe(
      `query/context/${'y'.repeat(64)}`,
    )
  })
})

test('of a union only the branch that was meant is told', () => {
  const branch = (at: number, keyword: string, path: string, rest: object) => ({
    ...{ keyword, instancePath: path, params: {}, message: keyword },
    ...{ schemaPath: `#/properties/place/anyOf/${at}/${keyword}`, ...rest },
  })
  const kind = (at: number) => ({
    params: { allowedValue: 'x' },
    schemaPath: `#/properties/place/anyOf/${at}/properties/type/const`,
  })
  const unknownUrl = { params: { additionalProperty: 'url' }, parentSchema: { properties: {} } }
  const none = branch(0, 'anyOf', '/place', { schemaPath: '#/properties/place/anyOf' })
  const short = branch(1, 'minLength', '/place/url', {})
  const found = [
    branch(0, 'additionalProperties', '/place', unknownUrl),
    branch(0, 'const', '/place/type', kind(0)),
    short,
    branch(2, 'required', '/place', { params: { missingProperty: 'host' } }),
    branch(2, 'const', '/place/type', kind(2)),
    none,
  ]
  expect(fieldErrors(found, 'body')).toEqual([{ path: '/place/url', message: 'minLength' }])
  // no branch has such a type: what the type may be is all that there is to say
  const other = found.filter((each) => each !== short)
  expect(fieldErrors(other, 'body').map(({ path }) => path)).toEqual(['/place/type', '/place/type'])
})

test('a summary has the first, and how many more there are', () => {
  const errors = fieldErrors([unknown('x', []), unknown('y', []), unknown('z', [])], 'body')
  expect(summary(errors)).toBe('/context/x unknown field (no field is known here), and 2 more')
  expect(summary([])).not.toBe('')
})
