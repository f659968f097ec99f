import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedteamReport } from '../lab/redteam/redteam.js'
import { addBenchRedteam } from './bench-redteam.js'
import { EXIT, faultOf } from './fault.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-redteam-'))
  const policy = (more: string) =>
    `version: 1\nmode: enforce\nservices:\n  signup:\n    markets: [NG]\n${more}`
  writeFileSync(join(folder, 'policy.yaml'), policy(''))
  writeFileSync(
    join(folder, 'open.yaml'),
    policy(
      "    fraudBudget: 1 USD\n    margin: 1\n    z: 0\n    sizeShare: 0\n    lists:\n      allow: ['+234*']\n",
    ),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

async function bench(...args: string[]) {
  const out: string[] = []
  const program = new Command().option('--json')
  addBenchRedteam(program.command('bench').exitOverride(), {
    out: (text) => out.push(text),
    err: (text) => out.push(text),
    progress: null,
    env: {},
    cwd: folder,
    now: () => 0,
  })
  const tiny = ['--budget', '4', '--sessions', '100', '--threads', '1']
  try {
    await program.parseAsync(['bench', 'redteam', ...tiny, ...args], { from: 'user' })
    return { exit: EXIT.ok, out: out.join('\n') }
  } catch (error) {
    const { exit, message } = faultOf(error)
    return { exit, message, out: out.join('\n') }
  }
}

describe('tollgate bench redteam', () => {
  it('prints the best attacks beside the bound', async () => {
    const { exit, out } = await bench('--policy', 'policy.yaml')
    expect(exit).toBe(EXIT.ok)
    expect(out).toContain('A platform of 100 visits a day in NG')
    expect(out).toMatch(/^verifies nothing +2 .*USD/m)
    expect(out).toMatch(/^ {2}blocks +[A-Z]{2} \d+/m)
    expect(out).toMatch(/ of USD [\d.,]+ \(\d+ %\): the bound holds\./)
  })

  it('ends with 1 where the bound does not hold, in JSON too', async () => {
    const { exit, out, message } = await bench('--policy', 'open.yaml', '--json')
    expect({ exit, message }).toEqual({
      exit: EXIT.refused,
      message: 'an attack that verifies nothing took more than its bound',
    })
    const report = JSON.parse(out) as RedteamReport & { bench: string }
    expect(report).toMatchObject({ bench: 'redteam', holds: false, budget: 4, seed: 1 })
    expect(report.best.map(({ kind }) => kind)).toEqual([
      'verifies-nothing',
      'range-holder',
      'outsider',
    ])
  })

  it('a service that the policy does not have is a mistake of the command line', async () => {
    const { exit, message } = await bench('--policy', 'policy.yaml', '--service', 'other')
    expect({ exit, message }).toEqual({
      exit: EXIT.usage,
      message: expect.stringContaining('the policy names no service "other"'),
    })
  })
})
