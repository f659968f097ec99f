import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { compilePolicy } from '../../src/engine/compile.js'
import { diffPolicies } from '../../src/policy/diff.js'
import { editPolicy } from '../../src/policy/edit.js'
import { loadPolicy } from '../../src/policy/load.js'
import { formatErrors } from '../../src/policy/problem.js'
import { budget } from './budget.js'
import { damaged, torn } from './damage.js'

const folder = (name: string): string[] => {
  const at = new URL(`../../${name}/`, import.meta.url)
  return readdirSync(at)
    .sort()
    .map((file) => readFileSync(new URL(file, at), 'utf8'))
}
const files = [...folder('examples/policies'), ...folder('test/configs')]
const trees = files.flatMap((text) => {
  const loaded = loadPolicy(text)
  return loaded.ok ? [parse(text) as unknown] : []
})

/** A policy whose values were exchanged for others, and one whose text was. */
const policies = fc.oneof(
  damaged(fc.constantFrom(...trees)).map((tree) =>
    String(stringify(tree, { aliasDuplicateObjects: false })),
  ),
  torn(fc.constantFrom(...files).map((text) => Buffer.from(text))).map(String),
)
const first = loadPolicy(files[0] ?? '')

test('loads, compiles, is compared and edited, or is refused with the place and the remedy', () => {
  fc.assert(
    fc.property(policies, (text) => {
      const loaded = loadPolicy(text)
      if (!loaded.ok) {
        expect(loaded.errors.length).toBeGreaterThan(0)
        for (const { line, message, hint } of loaded.errors) {
          expect(line).toBeGreaterThanOrEqual(1)
          expect(message).not.toBe('')
          expect(hint).not.toBe('')
        }
        // a mistake is told at the length of a mistake, whatever it is in
        expect(formatErrors(loaded.errors).length).toBeLessThan(200_000)
        return
      }
      compilePolicy(loaded.policy, 1)
      if (first.ok) diffPolicies(first, loaded)
      editPolicy(text)
    }),
    { ...budget(600), includeErrorInReport: true },
  )
})

const bomb = (levels: number): string => {
  const names = Array.from({ length: levels }, (_, i) => `l${i}`)
  const lines = names.map((name, i) =>
    i === 0
      ? `${name}: &${name} [x,x,x,x,x,x,x,x,x]`
      : `${name}: &${name} [${Array(9)
          .fill(`*l${i - 1}`)
          .join(',')}]`,
  )
  return `version: 1\n${lines.join('\n')}\n`
}
test.each([
  ['a bomb of aliases', bomb(12)],
  ['ten thousand levels', `version: ${'['.repeat(10_000)}`],
  [
    'a thousand levels of indentation',
    Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  ],
  // each key was compared with all before it: minutes
  ['eighty thousand keys', Array.from({ length: 80_000 }, (_, i) => `k${i}: 1`).join('\n')],
  ['a long scalar', `version: ${'9'.repeat(900_000)}`],
  ['too much', 'x'.repeat(2_000_000)],
  ['a tag of another language', 'version: !!python/object/apply:os.system ["id"]'],
  ['a merge key', 'version: 1\n<<: {services: {}}'],
  ['a prototype', '__proto__: {services: {}}\nversion: 1'],
])('%s is refused', (_what, text) => {
  const loaded = loadPolicy(text)
  expect(loaded.ok).toBe(false)
  if (!loaded.ok) expect(formatErrors(loaded.errors).length).toBeLessThan(200_000)
})
