import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { Measure } from '../../src/engine/measures.js'
import { HOUR } from '../../src/engine/units.js'
import { functionProvider } from '../../src/library/function-provider.js'
import { createSender } from '../../src/send/sender.js'
import { type Composed, compose } from '../../src/verify/compose.js'
import { enforce, T0 } from './stage.js'

const opened: Composed[] = []
const folders: string[] = []
afterEach(async () => {
  for (const parts of opened.splice(0)) await parts.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'tollgate-measures-'))
  folders.push(made)
  return made
}

async function open(data: string, policy = enforce()): Promise<Composed> {
  const parts = await compose({
    policy,
    sender: createSender({ providers: [functionProvider(async () => 'm')] }),
    data,
    clock: () => T0,
    upkeep: false,
  })
  opened.push(parts)
  return parts
}

const throttle: Measure = {
  id: 'mea_1',
  target: { kind: 'country', key: 'NG', service: null },
  action: 'throttle',
  limit: 3,
  until: T0 + HOUR,
}
const decide = async ({ gate }: Composed, n: number) => {
  const result = await gate.decide({ service: 'signup', to: `+23480${3 + n}123456${n}` })
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

it('a crash hands nobody a fresh throttle: what was counted is counted again from the ledger', async () => {
  const data = folder()
  const before = await open(data)
  before.gate.setMeasures([throttle])
  for (let n = 0; n < 2; n++) expect((await decide(before, n)).verdict).toBe('allow')
  await before.ledger.commit()
  // as the disk was when the process was killed: no snapshot of the lines
  const after = folder()
  cpSync(data, after, { recursive: true, filter: (file) => !file.endsWith('.lock') })
  const again = await open(after)
  again.gate.setMeasures([throttle])
  expect(again.restored).toMatchObject({ snapshotAt: null, charges: 2 })
  expect((await decide(again, 2)).verdict).toBe('allow')
  expect(await decide(again, 3)).toMatchObject({
    verdict: 'deny',
    reasons: [{ code: 'playbook.throttled', observed: 4, limit: 3 }],
  })
})

it('in monitor mode a measure is recorded and refuses nobody', async () => {
  const monitored = enforce({ mode: 'monitor' })
  const parts = await open(folder(), monitored)
  parts.gate.setMeasures([{ ...throttle, action: 'pause' }])
  expect(await decide(parts, 0)).toMatchObject({
    verdict: 'allow',
    would: 'deny',
    reasons: [{ code: 'playbook.paused' }],
  })
})

it('with others in their place the measures of before are gone', async () => {
  const parts = await open(folder())
  parts.gate.setMeasures([{ ...throttle, action: 'pause' }])
  expect((await decide(parts, 0)).verdict).toBe('deny')
  parts.gate.setMeasures([])
  expect((await decide(parts, 0)).verdict).toBe('allow')
})
