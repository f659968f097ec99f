import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FailurePolicy } from '../verify/failure.js'
import { loadConfig } from './config.js'
import { ENVIRONMENT } from './config-env.js'
import { FailureFile } from './failure-config.js'
import { CliFault } from './fault.js'

type Key = keyof typeof FailureFile.properties

/** Another value than the default for each key, what comes of it, and one that is refused. */
const VALUES: Record<Key, { set: string; is: Partial<FailurePolicy>; wrong: string }> = {
  lines: { set: 'closed', is: { lines: 'closed' }, wrong: 'shut' },
  gateways: { set: '5', is: { gateways: 5, share: 0.2 }, wrong: '0' },
  share: { set: '0.75', is: { share: 0.75 }, wrong: '1.5' },
  linesTimeoutMs: { set: '99', is: { linesTimeoutMs: 99 }, wrong: '9' },
  ledger: { set: 'spool', is: { ledger: 'spool' }, wrong: 'disk' },
  ledgerTimeoutMs: { set: '1500', is: { ledgerTimeoutMs: 1_500 }, wrong: '99' },
  spoolBytes: { set: '1048576', is: { spoolBytes: 1_048_576 }, wrong: '64 MiB' },
  spoolAge: { set: '5m', is: { spoolMs: 300_000 }, wrong: '5' },
  unknownSend: { set: 'next', is: { unknownSend: 'next' }, wrong: 'both' },
  requestMs: { set: '3000', is: { requestMs: 3_000 }, wrong: '99' },
  clockStepMs: { set: '5000', is: { clockStepMs: 5_000 }, wrong: '5s' },
  maxInFlight: { set: '64', is: { maxInFlight: 64 }, wrong: '7' },
  loopDelayMs: { set: '500', is: { loopDelayMs: 500 }, wrong: '-1' },
}
const KEYS = Object.keys(FailureFile.properties) as Key[]
const DOCUMENTED = readFileSync(resolve(import.meta.dirname, '../../docs/failure.md'), 'utf8')

const nameOf = (key: Key): string => {
  const found = ENVIRONMENT.find(({ path }) => path.join('.') === `failure.${key}`)
  if (found === undefined) throw new Error(`failure.${key} has no name in the environment`)
  return found.name
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-failure-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function load(yaml: string, env: Record<string, string> = {}): FailurePolicy {
  const config = join(folder, 'gate.yaml')
  // where the ledger is shared every key has a meaning
  const stores = 'lines: redis://lines\nledger: postgres://ledger/tollgate\n'
  writeFileSync(config, `${stores}${yaml}`)
  return loadConfig({ config }, { env, cwd: folder, warn: () => undefined }).failure
}

function refusalOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof CliFault) return error.message
    throw error
  }
  throw new Error('it was taken')
}

describe.each(KEYS)('failure.%s', (key) => {
  const { set, is, wrong } = VALUES[key]

  it('is set by the file', () => {
    expect(load('')).not.toMatchObject(is)
    expect(load(`failure:\n  ${key}: ${set}\n`)).toMatchObject(is)
  })

  it('is set by the environment, which is stronger, in clear or by a file', () => {
    const name = nameOf(key)
    expect(load('', { [name]: set })).toMatchObject(is)
    const file = join(folder, 'value')
    writeFileSync(file, `${set}\n`, { mode: 0o600 })
    expect(load('', { [`${name}_FILE`]: file })).toMatchObject(is)
    expect(refusalOf(() => load(`failure:\n  ${key}: ${wrong}\n`))).toContain(key)
    expect(refusalOf(() => load(`failure:\n  ${key}: ${set}\n`, { [name]: wrong }))).toContain(name)
  })

  it('is written down under both names', () => {
    expect(DOCUMENTED).toContain(`| \`${key}\` | \`${nameOf(key)}\` |`)
  })
})

it('no key is written down that there is not', () => {
  const rows = [...DOCUMENTED.matchAll(/^\| `(\w+)` \| `(TOLLGATE_FAILURE_\w+)` \|/gm)]
  expect(rows.map(([, key]) => key)).toEqual(KEYS)
})

it('a spool that no request would live to see is refused', () => {
  const limits = 'ledgerTimeoutMs: 5000\n  requestMs: 5000\n'
  expect(refusalOf(() => load(`failure:\n  ledger: spool\n  ${limits}`))).toContain(
    'failure.ledgerTimeoutMs is 5000 and failure.requestMs 5000',
  )
  expect(load(`failure:\n  ledger: refuse\n  ${limits}`)).toMatchObject({ requestMs: 5_000 })
})
