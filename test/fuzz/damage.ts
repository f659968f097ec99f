import fc from 'fast-check'
import { oddText, oddValue } from './odd.js'

interface Slip {
  /** which of all values inside, counted through */
  at: number
  kind: 'replace' | 'remove' | 'add' | 'wrap' | 'repeat'
  value: unknown
  key: string
}

const slip: fc.Arbitrary<Slip> = fc.record({
  at: fc.nat(60),
  kind: fc.constantFrom(
    'replace' as const,
    'remove' as const,
    'add' as const,
    'wrap' as const,
    'repeat' as const,
  ),
  value: oddValue,
  key: oddText.map((text) => text.slice(0, 300)),
})

/** Where each value inside is held; the first is the whole. */
function places(root: { whole: unknown }): [object, string][] {
  const found: [object, string][] = [[root, 'whole']]
  for (let i = 0; i < found.length && found.length < 500; i++) {
    const [holder, key] = found[i] ?? [root, 'whole']
    const value = (holder as Record<string, unknown>)[key]
    if (typeof value !== 'object' || value === null) continue
    for (const inner of Object.keys(value)) found.push([value, inner])
  }
  return found
}

function apply(value: unknown, { at, kind, value: odd, key }: Slip): unknown {
  const root = { whole: structuredClone(value) }
  const all = places(root)
  const [holder, name] = all[at % all.length] ?? [root, 'whole']
  const held = holder as Record<string, unknown>
  const current = held[name]
  const inside = typeof current === 'object' && current !== null ? current : held
  if (kind === 'replace') held[name] = odd
  else if (kind === 'remove') Reflect.deleteProperty(held, name)
  else if (kind === 'add')
    Object.defineProperty(inside, key, {
      value: odd,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  else if (kind === 'wrap') held[name] = [current]
  else
    held[name] = Array.isArray(current)
      ? [...current, ...current]
      : `${JSON.stringify(current)}${JSON.stringify(current)}`
  return root.whole
}

/** A value that somebody has been at: parts gone, added, of another type, twice. */
export const damaged = (valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(valid, fc.oneof(fc.constant([]), fc.array(slip, { minLength: 1, maxLength: 3 })))
    .map(([value, slips]) => slips.reduce<unknown>(apply, value))

interface Cut {
  at: number
  length: number
  scrap: Buffer
}

const SCRAPS = [
  '',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\ud800',
  '\u0000',
  '1e999',
  '\n',
  '\r\n',
  ';',
  '\t',
  '=',
  '&',
]
const scrap = fc.oneof(
  fc.constantFrom(...SCRAPS).map((text) => Buffer.from(text)),
  fc.constantFrom(
    ...[
      [0xff],
      [0xc3, 0x28],
      [0xed, 0xa0, 0x80],
      [0xef, 0xbb, 0xbf],
      [0xff, 0xfe],
      [0x1f, 0x8b],
    ].map((b) => Buffer.from(b)),
  ),
  oddText.map((text) => Buffer.from(text)),
  fc.nat(20).map((n) => Buffer.alloc(n * 50, 0x30)),
)

/** Bytes that somebody has been at: spans cut out, scraps put in, the end missing. */
export const torn = (bytes: fc.Arbitrary<Buffer>, most = 4): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      bytes,
      fc.array(fc.record<Cut>({ at: fc.nat(1_000_000), length: fc.nat(16), scrap }), {
        minLength: 0,
        maxLength: most,
      }),
      fc.option(fc.nat(1_000_000), { freq: 4 }),
    )
    .map(([whole, cuts, end]) => {
      let left = whole
      for (const { at, length, scrap } of cuts) {
        const from = at % (left.length + 1)
        left = Buffer.concat([left.subarray(0, from), scrap, left.subarray(from + length)])
      }
      return end === null ? left : left.subarray(0, end % (left.length + 1))
    })
