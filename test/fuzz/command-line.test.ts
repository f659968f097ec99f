import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tollgate } from '../fakes/terminal.js'
import { budget, within } from './budget.js'
import { logFiles } from './logs.js'
import { NUMBERS, oddText, POLICY } from './odd.js'

/** They do not end by themselves, or work for minutes: only what they refuse is tried. */
const ENDLESS = /^(serve|demo|bench|simulate)\b/
/** Makes a log of half a year and works on it. */
const LONG = '--sample'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-fuzz-'))
  writeFileSync(join(folder, 'policy.yaml'), POLICY)
  writeFileSync(join(folder, 'other.yaml'), 'a: [1, {b: *x}]')
  writeFileSync(join(folder, 'prices.csv'), 'NG,0.11\n')
  writeFileSync(join(folder, 'traffic.ndjson'), '{"id":"a"}\n')
  writeFileSync(join(folder, 'empty'), '')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Verb {
  words: string[]
  flags: string[]
}

/** Every verb with its flags, as the command line itself tells them: a new one cannot be forgotten. */
async function verbsUnder(words: string[] = []): Promise<Verb[]> {
  const { out } = await tollgate([...words, '--help'])
  const flags = [...out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag = '']) => flag)
  const section = /\nCommands:\n([\s\S]*?)(\n\n|$)/.exec(out)?.[1] ?? ''
  const names = [...section.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = '']) => name)
  const below = await Promise.all(
    names.filter((name) => name !== 'help').map((name) => verbsUnder([...words, name])),
  )
  return below.length > 0 ? below.flat() : [{ words, flags }]
}
const verbs = await verbsUnder()

const value = fc.oneof(
  fc.constantFrom(
    'policy.yaml',
    'other.yaml',
    'prices.csv',
    'traffic.ndjson',
    'empty',
    'log',
    '.',
    'none',
  ),
  fc.constantFrom(
    '+2348031234567',
    'NG',
    '105.112.3.4',
    'signup',
    '0.11',
    '7d',
    '2026-11',
    'json',
    'UTC',
    '-',
    '--',
  ),
  fc.constantFrom(...NUMBERS.map(String)),
  oddText.map((text) => text.replaceAll('\0', '')),
)

test('the command line tells of all its verbs', () => {
  expect(verbs.length).toBeGreaterThan(20)
})

test.each(verbs.map((verb) => [verb.words.join(' '), verb] as const))('%s', async (name, verb) => {
  const endless = ENDLESS.test(name)
  const flag = fc.constantFrom(
    ...verb.flags.filter((one) => one !== LONG && !(endless && one === '--help')),
  )
  const argument = fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: flag })
  await fc.assert(
    fc.asyncProperty(fc.array(argument, { maxLength: 6 }), logFiles, async (given, log) => {
      writeFileSync(join(folder, 'log'), log)
      const args = [...verb.words, ...(endless ? ['--no-such-flag'] : []), ...given]
      const ran = tollgate(args, { cwd: folder, env: { TOLLGATE_DATA: join(folder, 'data') } })
      const { exit, out, err } = await within(() => args.join(' '), ran)
      expect([0, 1, 2, 3], args.join(' ')).toContain(exit)
      // what nobody foresaw asks for more
      expect(`${out}\n${err}`).not.toMatch(/unexpected: /)
      if (!given.includes('--debug')) expect(err).not.toMatch(/^\s+at .+:\d+:\d+/m)
    }),
    { ...budget(12), includeErrorInReport: true },
  )
})
