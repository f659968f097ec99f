import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { watchPolicy } from '../../src/cli/policy-watch.js'
import { createBacktest } from '../../src/desk/backtest/backtest.js'
import { createPublisher, type Publication } from '../../src/desk/policies/publisher.js'
import { DEFAULT_POLICY } from '../../src/engine/defaults.js'
import { loadPolicy } from '../../src/policy/load.js'
import { compose } from '../../src/verify/compose.js'
import { recordedLedger } from '../fakes/recorded-ledger.js'
import { subscriber } from './stage.js'

type Recorded = Awaited<ReturnType<typeof recordedLedger>>
const down: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const step of down.splice(0).reverse()) await step()
})

const policyText = (more = ''): string => `# ours
version: 1
mode: enforce
services:
  signup:
    markets: [NG]
${more}`
const actor = { id: 'user:ada', name: 'Ada' }

async function desk(options: { file?: boolean; text?: string } = {}) {
  const text = options.text ?? policyText()
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-publish-'))
  down.push(() => rmSync(directory, { recursive: true, force: true }))
  const policyFile = join(directory, 'policy.yaml')
  if (options.file) writeFileSync(policyFile, text)
  const loaded = loadPolicy(text)
  if (!loaded.ok) throw new Error('the test has a wrong policy')
  const recorded: Recorded = await recordedLedger({
    policy: loaded.policy,
    policyText: text,
    ...(options.file && { policyFile }),
  })
  down.push(() => recorded.close())
  const backtest = createBacktest(recorded.parts)
  const publisher = createPublisher(recorded.parts, { backtest })
  const publish = (proposed: string, more: Partial<Publication> = {}) =>
    publisher.publish({ text: proposed, base: 1, note: 'tried', actor, ...more })
  return { ...recorded, publisher, publish, policyFile, directory }
}

describe('publishing', () => {
  it('puts a version in force, in the ledger, the audit log and before open pages', async () => {
    const { publish, ledger, gate, parts } = await desk()
    const result = await publish(policyText('    fraudBudget: 7 USD\n'), { note: 'less to lose' })
    expect(result).toEqual({ ok: true, version: 2 })
    expect(gate.policy.version).toBe(2)
    expect(gate.policy.service('signup')?.policy.fraudBudgetMicroUsd).toBe(7_000_000)
    expect(await ledger.policy()).toMatchObject({
      version: 2,
      by: 'user:ada',
      note: 'less to lose',
    })
    const [action] = await ledger.actions(1)
    expect(action).toMatchObject({
      actor: 'user:ada',
      action: 'policy.publish',
      target: 'policy:2',
      detail: { note: 'less to lose' },
    })
    expect(parts.live.since(0)?.at(-1)).toMatchObject({ kind: 'policy', data: { version: 2 } })
  })

  it('says with line and column what is wrong, and leaves what is in force', async () => {
    const { publish, gate } = await desk()
    const result = await publish(policyText('    fraudBudget: 7\n'))
    expect(result).toMatchObject({
      ok: false,
      why: 'invalid',
      errors: [{ line: 7, column: 18, path: 'services.signup.fraudBudget' }],
    })
    expect(gate.policy.version).toBe(1)
    expect(await publish(policyText())).toEqual({ ok: false, why: 'unchanged' })
  })

  it('shows the change of whoever was faster, and both together', async () => {
    const { publish } = await desk()
    await publish(policyText('    fraudBudget: 7 USD\n'))
    const late = await publish(policyText('    session: 5m\n'))
    if (late.ok || late.why !== 'conflict') throw new Error(`expected a conflict: ${late.ok}`)
    expect(late.theirs).toMatchObject({ version: 2, by: 'user:ada' })
    expect(late.changed).toEqual([
      { path: 'services.signup.fraudBudget', before: '50.00 USD', after: '7.00 USD' },
    ])
    expect(late.overlaps).toEqual([])
    expect(late.merged).toContain('fraudBudget: 7 USD')
    expect(late.merged).toContain('session: 5m')
    expect(await publish(late.merged ?? '', { base: 2 })).toEqual({ ok: true, version: 3 })
  })

  it('never loses a version, however many publish at once', async () => {
    const { publish, ledger, gate } = await desk()
    let newest = 1
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 2, maxLength: 6 }),
        async (behind) => {
          const before = newest
          const bases = behind.map((steps) => Math.max(1, newest - steps))
          const results = await Promise.all(
            bases.map((base, i) =>
              publish(policyText(`    session: ${60 + newest * 10 + i}s\n`), {
                base,
                note: `round ${newest} ${i}`,
              }),
            ),
          )
          const won = results.flatMap((result) => (result.ok ? [result.version] : []))
          // of those who began from the same version exactly one is published
          expect(won).toHaveLength(bases.includes(before) ? 1 : 0)
          for (const result of results) if (!result.ok) expect(result.why).toBe('conflict')
          newest = (await ledger.policy())?.version ?? 0
          expect(newest).toBe(before + won.length)
          expect(gate.policy.version).toBe(newest)
        },
      ),
      { seed: 9, numRuns: 25 },
    )
    const kept = await ledger.policies(1_000)
    expect(kept.map(({ version }) => version)).toEqual(
      Array.from({ length: newest }, (_, i) => newest - i),
    )
  })

  it('rolls back by publishing the old version anew', async () => {
    const { publish, publisher, ledger, gate } = await desk()
    await publish(policyText('    fraudBudget: 7 USD\n'))
    const back = await publisher.rollBack(1, { base: 2, note: 'back to version 1', actor })
    expect(back).toEqual({ ok: true, version: 3 })
    expect((await ledger.policy())?.yaml).toBe(policyText())
    expect(gate.policy.service('signup')?.policy.fraudBudgetMicroUsd).toBe(50_000_000)
    expect(await publisher.rollBack(99, { base: 3, note: 'none', actor })).toBeNull()
  })
})

describe('a policy that refuses everybody', () => {
  async function busy() {
    const made = await desk()
    for (let n = 0; n < 12; n++)
      await made.person(subscriber(n * 211), { ip: `105.112.${n}.7`, deviceId: `d${n}` })
    return made
  }
  const closed = policyText('    numberTypes: { MOBILE: deny }\n')

  it('is published only by who was shown the number and types what the server made', async () => {
    const { publish, gate } = await busy()
    const warned = await publish(closed)
    if (warned.ok || warned.why !== 'warning') throw new Error('expected a warning')
    expect(warned.warning).toBe(
      'This policy refuses everybody: 100 % of the last 12 requests would get no code.',
    )
    expect(warned.impact).toMatchObject({
      requests: 12,
      refusedNow: 0,
      refusedThen: 1,
      peopleThen: 12,
    })
    expect(gate.policy.version).toBe(1)
    expect(await publish(closed, { confirmation: 'yes' })).toMatchObject({ why: 'warning' })
    // what was made for one text is good for no other
    const other = policyText('    numberTypes: { MOBILE: deny, VOIP: deny }\n')
    expect(await publish(other, { confirmation: warned.phrase })).toMatchObject({ why: 'warning' })
    expect(await publish(closed, { confirmation: ` ${warned.phrase.toLowerCase()}` })).toEqual({
      ok: true,
      version: 2,
    })
  })

  it('is told from one that changes little, and nothing is said where nothing is known', async () => {
    const { publish } = await busy()
    expect(await publish(policyText('    session: 5m\n'))).toMatchObject({ ok: true })
    const fresh = await desk()
    expect(await fresh.publish(closed)).toMatchObject({ ok: true })
  })
})

describe('a policy file', () => {
  it('is written in one step and makes no second version', async () => {
    const { publish, policyFile, directory, ledger, gate, now } = await desk({ file: true })
    const reports: unknown[] = []
    const watch = watchPolicy({
      file: policyFile,
      text: policyText(),
      gate,
      ledger,
      clock: now,
      report: (event) => reports.push(event),
    })
    await watch.poll()
    const text = policyText('    fraudBudget: 7 USD\n')
    expect(await publish(text)).toEqual({ ok: true, version: 2 })
    expect(readFileSync(policyFile, 'utf8')).toBe(text)
    expect(readdirSync(directory)).toEqual(['policy.yaml'])
    await watch.poll()
    await watch.reload()
    expect((await ledger.policy())?.version).toBe(2)
    expect(reports).toEqual([])
    // by hand, back to what was there before: that is a version of its own
    writeFileSync(policyFile, policyText())
    await watch.reload()
    expect(await ledger.policy()).toMatchObject({ version: 3, by: 'file' })
    expect(gate.policy.version).toBe(3)
  })

  it('that cannot be written publishes nothing', async () => {
    const { publish, policyFile, ledger, gate } = await desk({ file: true })
    rmSync(policyFile)
    // a directory in its place: it cannot be replaced by a file, whoever runs the test
    mkdirSync(policyFile)
    chmodSync(policyFile, 0o755)
    const result = await publish(policyText('    fraudBudget: 7 USD\n'))
    expect(result).toMatchObject({ ok: false, why: 'file' })
    expect(gate.policy.version).toBe(1)
    expect((await ledger.policy())?.yaml).toBe(policyText())
  })

  it('that somebody changes by hand meanwhile is not overwritten', async () => {
    const { publish, policyFile, gate } = await desk({ file: true })
    writeFileSync(policyFile, policyText('    session: 7m\n'))
    const result = await publish(policyText('    fraudBudget: 7 USD\n'))
    expect(result).toMatchObject({ ok: false, why: 'file' })
    expect(readFileSync(policyFile, 'utf8')).toContain('session: 7m')
    expect(gate.policy.version).toBe(1)
  })
})

describe('a start without a policy file', () => {
  const builtIn = {
    policy: DEFAULT_POLICY,
    policyText: JSON.stringify(DEFAULT_POLICY),
    policyBy: 'built-in',
  }

  it('keeps in force what was published last', async () => {
    const made = await recordedLedger(builtIn)
    down.push(() => made.close())
    const publisher = createPublisher(made.parts, { backtest: createBacktest(made.parts) })
    const text = policyText('    fraudBudget: 7 USD\n')
    expect(await publisher.publish({ text, base: 1, note: 'first', actor })).toEqual({
      ok: true,
      version: 2,
    })
    await made.composed.close()
    const again = await compose({
      ...builtIn,
      sender: made.parts.sender,
      data: made.parts.deployment.data,
      clock: made.now,
      upkeep: false,
    })
    down.push(() => again.close())
    expect(again.gate.policy.version).toBe(2)
    expect(again.gate.policy.service('signup')?.policy.fraudBudgetMicroUsd).toBe(7_000_000)
    expect(await again.ledger.policies(9)).toHaveLength(2)
  })
})
