import fc from 'fast-check'

/** Text that something on its way may take for more than text. */
export const CANARY = '<svg/onload=z7q>"\'`{{z7q}}'

const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  // halves of a pair: no UTF-8 can say them
  '\ud800',
  'x\udfff',
  '\ud83d\ude00'.repeat(40),
  // right to left, and a joiner
  '\u202e\u2066+234',
  'e\u0301\u0301\u0301'.repeat(30),
  'İıſK',
  // digits that are not ASCII
  '+\u0662\u0663\u0664\u0668\u0660\u0663',
  '\uff0b\uff12\uff13\uff14',
  CANARY,
  "' OR 1=1; DROP TABLE requests; --",
  '%00%0d%0a',
  '\r\nset-cookie: z7q=1',
  '\u2028\u2029\u0085',
  '../../../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  '-0',
  '1e999',
  '0x10',
  '%',
  '_%',
  '[object Object]',
  '(a+)+$',
  `${'a'.repeat(5_000)}!`,
  'x'.repeat(65),
  'x'.repeat(257),
  'x'.repeat(70_000),
  '9'.repeat(400),
  '2026-13-45T99:99:99Z',
  '+275760-09-13T00:00:00.001Z',
  '-271821-04-19',
]

export const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.1,
  1e-320,
  1e21,
  1e308,
  -1e308,
  255,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  // last millisecond of a Date, and the one after it
  8_640_000_000_000_000,
  8_640_000_000_000_001,
]

export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
)

const deep = (levels: number, list: boolean): unknown => {
  let value: unknown = 1
  for (let i = 0; i < levels; i++) value = list ? [value] : { a: value }
  return value
}

/** Any value, of any type, as JSON can have it. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: 5 }, { toJSON: 'x' }),
  fc.constantFrom<unknown>(...NUMBERS),
  fc.constantFrom<unknown>(deep(200, true), deep(200, false), Array(300).fill('x')),
  oddText,
  fc.jsonValue({ maxDepth: 2 }),
)

/** Numbers, addresses and words that mean something to this gateway, by the name of the field that takes them. */
/** A policy as people write it. */
export const POLICY =
  'version: 1\nmode: enforce\nservices:\n  signup:\n    markets: [NG]\n  probe:\n    markets: [NG]\n'

const MEANINGFUL: Record<string, readonly string[]> = {
  to: [
    '+2348031234567',
    '+2348031200001',
    '+4915112345678',
    '+12015550123',
    '+99',
    '+883510000000094',
  ],
  confirm: ['+2348031234567', 'signup'],
  number: ['+2348031234567', '+4915112345678', '+979123456789'],
  ip: ['105.112.3.4', '2001:db8::1', '::ffff:1.2.3.4', 'fe80::1%eth0', '0.0.0.0', '1.2.3.04'],
  service: ['signup', 'nobody'],
  country: ['NG', 'DE', '001', 'ZZ'],
  entry: [
    '+2348031*',
    '105.112.0.0/16',
    '2001:db8::/32',
    'AS37148',
    'NG',
    '+2348031234567',
    '::/0',
  ],
  search: ['+23480', '105.112', 'AS37148', 'NG', 'ver_'],
  code: ['123456', '0000', '٠١٢٣'],
  // nothing listens there: no case may reach out of this machine
  url: ['http://127.0.0.1:1/x', 'https://[::1]:1/', 'https://user:pw@127.0.0.1:1', 'file:///etc'],
  secret: ['http://127.0.0.1:1/slack', 'a'.repeat(32), `whsec_${'A'.repeat(44)}`],
  host: ['127.0.0.1', 'localhost', '::1'],
  timeZone: ['Africa/Lagos', 'UTC', '+02:00', 'Etc/GMT+14', 'Mars/Phobos'],
  provider: ['own'],
  next: ['/', '//evil.example/', '/decisions?x=1'],
  FriendlyName: ['signup', 'Probe', 'another'],
  RateLimits: ['{"end_user_ip":"105.112.3.4"}', '{"session":"s"}', '{}', '[]', '{"a":1}', ''],
  Locale: ['en', 'pt-BR'],
  Tags: ['{"a":"b"}', '{"__proto__":"x"}', 'null', ''],
  text: ['+2348031*\nNG # note', POLICY, 'a note', '+2348031234567,105.112.0.0/16'],
  month: ['2026-11', '2026-10'],
}
const byName: Record<string, string> = {
  phonenumber: 'number',
  deviceip: 'ip',
  prefix: 'entry',
  q: 'search',
  key: 'entry',
  entries: 'entry',
}

/** Fields that take a name which the gateway gave out. */
const NAMES = /^(id|.*Id|.*Sid|key|token)$/

/** Names are asked for by a number up to this one. */
export const MOST_NTH = 5_000

/** Stands for the n-th name that is known when the case is asked. */
const placeholder = (n: number): string => `@@${n}@@`
export const PLACEHOLDER = /(?:@@|%40%40)(\d+)(?:@@|%40%40)/g

/** A number of an operator that nobody attacks. */
const person = (n: number): string => `+23490612${String(n).padStart(5, '0')}`

/** Text for a field of this name: one that means something where we know one. */
export function textFor(name: string): fc.Arbitrary<string> {
  const plain = name.toLowerCase()
  const values = MEANINGFUL[name] ?? MEANINGFUL[byName[plain] ?? plain]
  const known = fc.nat(MOST_NTH).map(placeholder)
  if (/^(to|number|confirm|phonenumber)$/.test(plain))
    return fc.oneof(fc.constantFrom(...(values ?? [])), fc.nat(9_999).map(person))
  if (values !== undefined)
    return fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...values) },
      { weight: NAMES.test(name) ? 4 : 0, arbitrary: known },
    )
  return NAMES.test(name) ? known : oddText
}

/** Text that can be written as UTF-8: what cannot is U+FFFD. */
export const wellFormed = (text: string): string => Buffer.from(text).toString('utf8')
