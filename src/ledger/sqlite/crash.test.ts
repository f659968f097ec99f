import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import Sqlite from 'better-sqlite3'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { directories } from '../../../test/conformance/ledger-files.js'
import { openSqliteLedger } from './open.js'

const newDirectory = directories()
const SOURCES = resolve(import.meta.dirname, '../..')
/** The ledger and what it stands on. */
const PARTS = ['ledger', 'engine', 'network', 'files']
const ROUNDS = 5

/** The ledger as plain JavaScript: a process of its own cannot run TypeScript on every Node that we support. */
function compiledLedger(): string {
  const directory = newDirectory()
  const files = PARTS.flatMap((part) =>
    readdirSync(join(SOURCES, part), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(part, file),
    ),
  )
  for (const file of files) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
    const { outputText } = ts.transpileModule(readFileSync(join(SOURCES, file), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    })
    const out = join(directory, file.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, outputText)
  }
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  symlinkSync(resolve('node_modules'), join(directory, 'node_modules'))
  return directory
}

/**
 * Eight callers at once: each commits a request with its send, settles it, and prints what it was promised. Between
 * them rows that nobody waits for.
 */
const CHILD = `
import { openSqliteLedger } from './ledger/sqlite/open.js'
const [file, round] = process.argv.slice(2)
const ledger = await openSqliteLedger({ file, numbers: 'clear' })
const request = { at: 1, service: 's', kind: 'start', number: '+2348031234567', country: 'NG', operator: 'o', block: 'b',
  ip: null, subnet: null, asn: null, deviceId: null, accountId: null, sessionId: null, userAgent: null, apiKeyId: null,
  priceMicroUsd: 1, verdict: 'allow', would: 'allow', mode: 'enforce', score: 0, reasons: [], evidence: [], knownGood: false,
  degraded: false, policyVersion: 1, verificationId: null, charge: null, credit: 'reserved', maturesAt: 2, settledAt: null }
const send = { verificationId: 'v', at: 1, updatedAt: 1, provider: null, providerId: null, status: 'pending', error: null,
  priceMicroUsd: 1 }
async function caller(name) {
  for (let i = 0; ; i++) {
    const id = round + '-' + name + '-' + i
    ledger.append([{ table: 'actions', row: { at: i, actor: name, action: 'a', target: id, detail: null } }])
    await ledger.commit([
      { table: 'requests', row: { ...request, id } },
      { table: 'sends', row: { ...send, id, requestId: id } },
    ])
    process.stdout.write('committed ' + id + '\\n')
    await ledger.settle(id, ['reserved'], 'lost', { kind: 'lost', at: 3 })
    await ledger.commit()
    process.stdout.write('settled ' + id + '\\n')
  }
}
await Promise.all(Array.from({ length: 8 }, (_, i) => caller(String(i))))
`

/** Runs the child until it has promised `lines` things, kills it in the middle of its work, and returns the promises. */
async function promisesUntilKilled(
  script: string,
  args: string[],
  lines: number,
): Promise<string[]> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const promised: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    promised.push(line)
    if (promised.length === lines) child.kill('SIGKILL')
  }
  return promised
}

describe('kill -9', () => {
  test(`${ROUNDS} times: everything that was committed is there, whole, and nothing is there by half`, async () => {
    const directory = compiledLedger()
    const script = join(directory, 'child.js')
    writeFileSync(script, CHILD)
    const file = `${newDirectory()}/ledger.sqlite`
    const promised: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      promised.push(...(await promisesUntilKilled(script, [file, String(round)], 150 + 61 * round)))
    }
    expect(promised.length).toBeGreaterThan(1000)

    const ledger = await openSqliteLedger({ file, numbers: 'clear' })
    const stored = await ledger.requests({ limit: 1_000_000 })
    const byId = new Map(stored.map((row) => [row.id, row]))
    for (const line of promised) {
      const [what, id = ''] = line.split(' ')
      expect(byId.has(id), line).toBe(true)
      if (what === 'settled') expect(byId.get(id)?.credit, line).toBe('lost')
    }
    const sends = new Set((await ledger.sends('v')).map((send) => send.requestId))
    for (const { id, credit } of stored) {
      expect(sends.has(id), `the send of ${id}`).toBe(true)
      const outcomes = await ledger.outcomesOf(id)
      expect(outcomes.map((outcome) => outcome.to)).toEqual(credit === 'lost' ? ['lost'] : [])
    }
    const acted = new Set((await ledger.actions(1_000_000)).map((action) => action.target))
    for (const line of promised) expect(acted.has(line.split(' ')[1] ?? '')).toBe(true)
    await ledger.close()
    const raw = new Sqlite(file, { readonly: true })
    expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
    raw.close()
  }, 60_000)
})
