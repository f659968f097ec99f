import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NAMES } from '../../src/cli/config-env.js'
import { EXIT } from '../../src/cli/fault.js'
import { fileOf, ROOT, tool } from './tool.js'

const unit = fileOf('deploy', 'systemd', 'tollgate.service')
const valuesOf = (key: string): string[] =>
  unit
    .split('\n')
    .filter((line) => line.startsWith(`${key}=`))
    .map((line) => line.slice(key.length + 1))

/** The most that `systemd-analyze security` may find: 0 is nothing, 10 everything; a plain unit has 9.6. */
const EXPOSURE = 1.5

describe('the unit', () => {
  it('gives the gateway settings that it knows, and secrets as credentials', () => {
    const variables = valuesOf('Environment').flatMap((value) => value.split(' '))
    const names = variables.map((variable) => variable.split('=')[0] ?? '')
    for (const name of names.filter((n) => n.startsWith('TOLLGATE_'))) expect(NAMES).toContain(name)
    const credentials = valuesOf('LoadCredential').map((value) => value.split(':')[0])
    for (const variable of variables) {
      const [, credential] = /=%d\/(\w+)$/.exec(variable) ?? []
      if (credential !== undefined) expect(credentials).toContain(credential)
    }
    expect(variables).toContain('TOLLGATE_SECRET_FILE=%d/secret')
  })

  it('does not try a wrong configuration again and again, and waits for requests in flight', () => {
    expect(valuesOf('RestartPreventExitStatus')).toEqual([String(EXIT.usage)])
    const [, ms] = /SHUTDOWN_MS = ([\d_]+)/.exec(fileOf('src', 'cli', 'serve.ts')) ?? []
    expect(Number(valuesOf('TimeoutStopSec')[0])).toBeGreaterThan(
      Number(ms?.replaceAll('_', '')) / 1000,
    )
    expect(valuesOf('ExecReload')[0]).toContain('-HUP')
  })
})

const analyze = tool('systemd-analyze', false)
describe.skipIf(analyze.skipped)(`systemd-analyze${analyze.why}`, () => {
  let folder: string
  let file: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-systemd-'))
    file = join(folder, 'tollgate.service')
    // systemd looks whether the program and the page are there
    const here = unit
      .replace('/usr/bin/node', process.execPath)
      .replace('file:///opt/tollgate/docs', `file://${ROOT}/docs`)
    writeFileSync(file, here)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('finds nothing wrong with it', () => {
    expect(analyze.run(['verify', file])).toBe('')
  })

  it('finds it hardly exposed', () => {
    const text = analyze.run(['security', '--offline=true', '--no-pager', file])
    const [, level] = /exposure level for tollgate\.service: ([\d.]+)/.exec(text) ?? []
    expect(Number(level)).toBeLessThanOrEqual(EXPOSURE)
  })
})
