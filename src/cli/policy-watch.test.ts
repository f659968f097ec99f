import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { breakableLedger } from '../../test/fakes/breakable-ledger.js'
import { consoleProvider } from '../send/console.js'
import { createSender } from '../send/sender.js'
import { type Composed, compose } from '../verify/compose.js'
import { readPolicy } from './policy-file.js'
import { type PolicyWatch, watchPolicy } from './policy-watch.js'

const policyOf = (mode: string, markets: string) =>
  `version: 1\nmode: ${mode}\nservices:\n  signup:\n    markets: [${markets}]\n`

let folder: string
let file: string
let gate: Composed
let watch: PolicyWatch
let events: string[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-watch-'))
  file = join(folder, 'policy.yaml')
  writeFileSync(file, policyOf('enforce', 'NG'))
  const { policy, text } = readPolicy(file)
  gate = await compose({
    policy,
    policyText: text,
    sender: createSender({ providers: [consoleProvider({ write: () => undefined })] }),
    upkeep: false,
  })
  events = []
  watch = watchPolicy({
    file,
    text,
    gate: gate.gate,
    ledger: gate.ledger,
    clock: () => 1_795_000_000_000,
    report: (event) => events.push(event.ok ? `version ${event.version}` : event.problems),
  })
  await watch.poll()
})
afterEach(async () => {
  await gate.close()
  rmSync(folder, { recursive: true })
})

const markets = () => gate.gate.policy.policy.services.signup?.markets

describe('a policy file that changes', () => {
  it('is put in force and kept as a version', async () => {
    const before = gate.gate.policy.version
    writeFileSync(file, policyOf('enforce', 'NG, GH'))
    await watch.poll()
    expect(markets()).toEqual(['NG', 'GH'])
    expect(gate.gate.policy.version).toBe(before + 1)
    expect(await gate.ledger.policy()).toMatchObject({
      version: before + 1,
      by: 'file',
      yaml: policyOf('enforce', 'NG, GH'),
    })
    expect(events).toEqual([`version ${before + 1}`])
  })

  it('is put in force as soon as the ledger takes it, where it did not at first', async () => {
    const broken = breakableLedger(gate.ledger)
    const { text } = readPolicy(file)
    const report = () => undefined
    const later = watchPolicy({
      ...{ file, text, gate: gate.gate, ledger: broken.ledger, clock: () => 0, report },
    })
    await later.poll()
    writeFileSync(file, policyOf('enforce', 'NG, GH'))
    broken.is = 'refuses'
    await expect(later.poll()).rejects.toThrow('nothing listens there')
    broken.is = 'well'
    await later.poll()
    expect(markets()).toEqual(['NG', 'GH'])
  })

  it('stays as it is while nothing was written, and when the same text is', async () => {
    await watch.poll()
    writeFileSync(file, policyOf('enforce', 'NG'))
    await watch.poll()
    await watch.reload()
    expect(events).toEqual([])
  })

  it('with an error is told once, and the old one stays until it is mended', async () => {
    writeFileSync(file, 'version: 1\nservices:\n  signup:\n    marktes: [NG]\n')
    await watch.poll()
    await watch.poll()
    expect(events).toHaveLength(1)
    expect(events[0]).toContain(`${file}:4:5`)
    expect(markets()).toEqual(['NG'])
    writeFileSync(file, policyOf('enforce', 'KE'))
    await watch.poll()
    expect(markets()).toEqual(['KE'])
  })

  it('is missed for a moment while an editor replaces it', async () => {
    renameSync(file, `${file}.old`)
    await watch.poll()
    expect(events).toEqual([])
    writeFileSync(file, policyOf('enforce', 'GH'))
    await watch.poll()
    expect(markets()).toEqual(['GH'])
  })
})
