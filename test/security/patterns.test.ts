import { readdirSync, readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { compileLists } from '../../src/engine/lists.js'
import { listEntry } from '../../src/policy/list-entry.js'
import { loadPolicy } from '../../src/policy/load.js'

const src = new URL('../../src/', import.meta.url)
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('generated'),
)

interface Pattern {
  file: string
  source: string
  flags: string
}
const literals: Pattern[] = []
/** `new RegExp(...)`: a pattern that is made while the gateway runs. */
const made: string[] = []
for (const file of files) {
  const text = readFileSync(new URL(file, src), 'utf8')
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? []
      literals.push({ file, source, flags })
    }
    if (
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      node.expression.getText() === 'RegExp'
    )
      made.push(file)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))
}

describe('patterns', () => {
  test('are never what somebody typed: those made at run time are of our own words', () => {
    expect([...new Set(made)].sort()).toEqual([
      // names of figures that Redis tells
      'cli/doctor-stores.ts',
      // a number or its hash, its plus sign escaped
      'ledger/privacy.ts',
      // lengths of ids
      'ledger/timed-id.ts',
      // names of units
      'policy/units.ts',
    ])
  })

  test('of ours do not run away on any text', async () => {
    expect(literals.length).toBeGreaterThan(200)
    const worker = new Worker(new URL('./regex-worker.mjs', import.meta.url), {
      workerData: literals,
    })
    let at = 0
    // an exponential pattern never ends: the limit is a hundred times what all of them need
    const ended = await new Promise<string>((resolve, reject) => {
      const limit = setTimeout(
        () => resolve(`${literals[at]?.file}: /${literals[at]?.source}/`),
        120_000,
      )
      worker.on('message', (message: { at?: number; done?: boolean }) => {
        if (message.at !== undefined) at = message.at
        if (message.done === true) {
          clearTimeout(limit)
          resolve('all of them')
        }
      })
      worker.on('error', reject)
    })
    await worker.terminate()
    expect(ended).toBe('all of them')
  })

  test('a list takes prefixes, and no pattern: what looks like one matches nothing but itself', () => {
    for (const text of [
      '+234(80)+',
      '+234.*',
      '^+234',
      '+234[0-9]*',
      '+234*5',
      '**',
      '*',
      '(a+)+$',
    ])
      expect([text, listEntry(text)]).toEqual([text, null])
    const matcher = compileLists({ allow: [], deny: ['device:(a+)+$', 'account:.*'] })
    const facts = (deviceId: string, accountId: string) =>
      ({
        number: { e164: '+2348031234567' },
        source: { ip: null, ipKey: null, subnetKey: null, asn: null },
        context: { deviceId, accountId },
      }) as unknown as Parameters<typeof matcher.match>[0]
    expect(matcher.match(facts(`${'a'.repeat(60_000)}!`, 'any'))).toBeNull()
    expect(matcher.match(facts('(a+)+$', 'x'))).toMatchObject({ entry: 'device:(a+)+$' })
  })

  test('a policy with a pattern where a list entry belongs is refused by line', () => {
    const read = loadPolicy('version: 1\nservices:\n  signup:\n    deny: ["(\\\\+234)+$"]\n', {
      file: 'p.yaml',
    })
    expect(read.ok).toBe(false)
  })
})
