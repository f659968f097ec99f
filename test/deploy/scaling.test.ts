import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileOf, ROOT } from './tool.js'

interface Load {
  perSecond: number
  peak: number
  lines: number
  days: number
}
interface Plan {
  gateways: number
  shards: number
  redisGiB: number
  ledgerCores: number
  ledgerGiBDay: number
  first: string
}
const {
  plan,
  table,
  STEPS,
  FIGURES,
}: {
  plan(load: Load, figures?: object): Plan
  table(steps: (Load & { name: string })[]): string
  STEPS: (Load & { name: string })[]
  FIGURES: Record<string, number>
} = await import(join(ROOT, 'deploy', 'scaling.mjs'))

describe('the plan', () => {
  it('is what the page shows', () => {
    const [, shown = ''] =
      /<!-- plan -->\n([\s\S]*?)\n<!-- \/plan -->/.exec(fileOf('docs', 'scaling.md')) ?? []
    expect(shown).toBe(table(STEPS))
  })

  it('follows its formulas', () => {
    const figures = {
      ...FIGURES,
      ...{ gatewayMs: 3, scriptMs: 0.1, scripts: 2, ledgerMs: 6, fill: 0.5, primaryCores: 10 },
      ...{ ledgerBytes: 1_024, lineBytes: 1_024, shardBytes: 2 ** 30 },
    }
    const load = { perSecond: 100, peak: 5, lines: 3 * 2 ** 20, days: 1 }
    expect(plan(load, figures)).toMatchObject({
      // 500/s x 3 ms / 0.5, and one that may go
      gateways: 4,
      // 3 GiB in shards of one
      shards: 3,
      redisGiB: 3,
      ledgerCores: 6,
      ledgerGiBDay: (100 * 86_400) / 2 ** 20,
      first: 'a gateway',
    })
    expect(plan({ ...load, perSecond: 1_000 }, figures).first).toBe('PostgreSQL, one primary')
    expect(plan({ ...load, perSecond: 0.1, lines: 1 }, figures)).toMatchObject({
      gateways: 2,
      shards: 1,
    })
  })
})

it.each([
  ['--verifications is a number for a time', '--verifications', 'many'],
  ['unknown: --help; known: --verifications', '--help'],
])('a load that it cannot read is told in one line: %s', (told, ...args) => {
  const script = join(ROOT, 'deploy', 'scaling.mjs')
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toMatch(new RegExp(`^scaling: ${told}.*\n$`))
})
