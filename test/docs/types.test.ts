import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, expect, test } from 'vitest'
import { PAGES, ROOT, samplesOf } from './pages.js'

// in the project, so that packages are found as an application finds them
const folder = mkdtempSync(join(ROOT, 'test/docs/typed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const samples = (path: string, language: string): string[] =>
  PAGES.filter((page) => page.path === path)
    .flatMap(samplesOf)
    .filter((sample) => sample.language === language)
    .map(({ text }) => text)

const [inProcess = '', overHttp = '', express = '', fastify = '', next = ''] = samples(
  'docs/web-applications.md',
  'ts',
)
const [client = ''] = samples('docs/twilio-migration.md', 'js')
/** What the page says to write in TypeScript. */
const migration = readFileSync(join(ROOT, 'docs/twilio-migration.md'), 'utf8')
const [, method = ''] = /In TypeScript the method is `(.*?)`/.exec(migration) ?? []
const [, imported = ''] = /`(import type RequestClient .*?)`/.exec(migration) ?? []

const FILES: Record<string, string> = {
  inProcess,
  overHttp,
  express: express.replace('./codes.js', './inProcess.js'),
  fastify: fastify.replace('./codes.js', './overHttp.js'),
  next: next.replace('./codes.js', './inProcess.js'),
  readme: `declare function yourOwnSend(): Promise<void>\n${samples('README.md', 'js').join('\n')}`,
  library: samples('docs/library.md', 'js').join('\n'),
  migration: `${imported}\n${client.replace('request(options)', method)}`,
}

test('samples compile with strict types against the package', () => {
  const at = (name: string) => join(folder, `${name}.ts`)
  for (const [name, text] of Object.entries(FILES)) writeFileSync(at(name), `${text}\nexport {}\n`)
  const program = ts.createProgram(Object.keys(FILES).map(at), {
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    ...{ noImplicitOverride: true, noEmit: true, skipLibCheck: true, types: ['node'] },
    paths: { tollgate: [join(ROOT, 'dist/index.d.ts')] },
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    esModuleInterop: true,
  })
  const told = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file?.fileName.startsWith(folder))
    .map(({ file, messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, ' ')
      return `${file?.fileName.slice(folder.length + 1)}: ${text}`
    })
  expect(told).toEqual([])
})
