import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ENVIRONMENT, readEnvironment } from './config-env.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-env-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function file(text: string, mode = 0o600): string {
  const path = join(folder, `value-${mode}`)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

describe('a value of the environment from a file', () => {
  it('is read under <NAME>_FILE for every key', () => {
    for (const { name } of ENVIRONMENT) {
      const { problems, warnings } = readEnvironment({ [`${name}_FILE`]: join(folder, 'none') })
      expect(warnings).toEqual([])
      expect(problems).toEqual([
        expect.objectContaining({ message: expect.stringContaining(`${name}_FILE: the file`) }),
      ])
    }
  })

  it('has the meaning of the variable', () => {
    const read = readEnvironment({
      TOLLGATE_PORT_FILE: file('8001\n'),
      TOLLGATE_SEND_FILE: file('[{ name: dev, type: console }]\n', 0o400),
    })
    expect(read).toEqual({
      values: [
        { path: ['server', 'port'], value: 8001 },
        { path: ['send'], value: [{ name: 'dev', type: 'console' }] },
      ],
      problems: [],
      warnings: [],
    })
  })

  it('is not shown when it is wrong, for it may be a password', () => {
    const { problems } = readEnvironment({ TOLLGATE_CAPACITY_FILE: file('hunter2') })
    expect(problems).toEqual([
      {
        where: 'environment TOLLGATE_CAPACITY_FILE',
        path: '',
        message: expect.stringMatching(
          /^what the file holds is not right; give lines and counters/,
        ),
      },
    ])
  })

  it('is refused beside the variable itself, and warned of when everybody may read it', () => {
    const readable = file('memory', 0o644)
    const both = readEnvironment({ TOLLGATE_LINES: 'memory', TOLLGATE_LINES_FILE: readable })
    expect(both.problems.map((p) => p.message)).toEqual([
      'TOLLGATE_LINES and TOLLGATE_LINES_FILE are both set; set one of them',
    ])
    expect(readEnvironment({ TOLLGATE_LINES_FILE: readable }).warnings).toEqual([
      expect.stringContaining('everybody on this machine may read'),
    ])
  })

  it('a misspelt name is told', () => {
    expect(readEnvironment({ TOLLGATE_SECRET_FIEL: 'x' }).warnings).toEqual([
      'environment TOLLGATE_SECRET_FIEL: unknown; did you mean TOLLGATE_SECRET_FILE?',
    ])
  })
})
