import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePolicy } from '../engine/compile.js'
import { loadPolicy } from './load.js'
import { formatErrors } from './problem.js'

const read = (folder: string): string[] => {
  const at = new URL(`../../${folder}/`, import.meta.url)
  return readdirSync(at).map((name) => readFileSync(new URL(name, at), 'utf8'))
}
const seeds = [...read('examples/policies'), ...read('test/configs')]
const SCRAPS = [
  '',
  ':',
  '- ',
  '[',
  '}',
  '&a',
  '*a',
  '<<',
  '"',
  '\t',
  '\n',
  '~',
  '!!js/f',
  '|',
  '#',
  '%',
  '\u0000',
  '\u{1F600}',
  '1e999',
  '.nan',
  '-1',
  '0x',
  'null',
]

/** A file that somebody has been at: spans cut out, scraps put in. */
const damaged = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(2_000), fc.nat(12), fc.constantFrom(...SCRAPS)), { maxLength: 6 }),
  )
  .map(([text, cuts]) =>
    cuts.reduce((t, [at, length, scrap]) => {
      const from = at % (t.length + 1)
      return t.slice(0, from) + scrap + t.slice(from + length)
    }, text),
  )

test('whatever the file, loading ends in a policy that runs or in mistakes with a place and a remedy', () => {
  fc.assert(
    fc.property(damaged, (text) => {
      const loaded = loadPolicy(text)
      if (loaded.ok) {
        const compiled = compilePolicy(loaded.policy, 1)
        for (const name of Object.keys(loaded.policy.services))
          expect([...(compiled.service(name)?.opening ?? [Number.NaN])].every((x) => x > 0)).toBe(
            true,
          )
        return
      }
      expect(loaded.errors.length).toBeGreaterThan(0)
      const lines = text.split('\n').length
      for (const { line, column, message, hint } of loaded.errors) {
        expect(line).toBeGreaterThanOrEqual(1)
        expect(line).toBeLessThanOrEqual(lines + 1)
        expect(column).toBeGreaterThanOrEqual(1)
        expect(message).not.toBe('')
        expect(hint).not.toBe('')
      }
      expect(formatErrors(loaded.errors)).not.toMatch(/undefined|\[object/)
    }),
    { seed: 20_261_121, numRuns: 3_000 },
  )
})
