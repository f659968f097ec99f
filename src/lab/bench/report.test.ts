import { beforeAll, describe, expect, it } from 'vitest'
import { createRowFacts, labSources } from '../row-facts.js'
import { createWorld } from '../world/create-world.js'
import { CONTENDERS } from './contenders.js'
import { type JobResult, runJob } from './job.js'
import { markdownOf } from './markdown.js'
import { pageOf } from './page.js'
import { reportOf } from './report.js'

const laboratory = {
  rowFacts: createRowFacts(labSources()),
  world: createWorld(),
  clock: () => 0,
}

describe('a report of a small run', () => {
  const results: JobResult[] = []
  beforeAll(async () => {
    for (const contender of CONTENDERS) {
      for (const scenario of ['night-flood', 'flash-crowd'])
        results.push(await runJob({ scenario, seed: 1, contender, scale: 0.01 }, laboratory))
    }
  })
  const report = () => reportOf(results, ['headline', 'curves'])

  it('has a cell for everybody in every scenario, and leaves out what was not played', () => {
    expect(report().cells).toHaveLength(14)
    expect(report().contenders).toEqual([
      'tollgate',
      'vendor-limits',
      'vendor-limits+allow-list',
      'telnyx-guide',
      'aws-sample',
      'authgear-budgets',
      'gitlab-dial-code',
    ])
    expect(report()).toMatchObject({ curves: [], ablations: [], fixedHarm: null })
    expect(report().headlines).toMatchObject([{ set: 'tune', seeds: [1] }])
  })

  it('played the same attack to everybody', () => {
    const asked = results.filter((r) => r.kind === 'attack').map((r) => r.attack.attemptedMicroUsd)
    expect(asked[0]).toBeGreaterThan(1_000_000_000)
    expect(new Set(asked).size).toBe(1)
  })

  it('holds the flood where fixed limits let most of it through', () => {
    const leak = (contender: string) =>
      report().cells.find((c) => c.contender === contender && c.kind === 'attack')?.leakedShare ?? 1
    expect(leak('tollgate')).toBeLessThan(0.01)
    expect(leak('vendor-limits')).toBeGreaterThan(0.3)
  })

  it('is one Markdown page whose tables are whole', () => {
    const page = markdownOf(report(), 'tollgate bench detection')
    for (const heading of ['Where others are better', 'Attacks', 'Traps'])
      expect(page).toContain(`\n## ${heading}\n`)
    let width = 0
    for (const line of page.split('\n')) {
      if (!line.startsWith('|')) {
        width = 0
        continue
      }
      width ||= line.split('|').length
      expect(line.split('|')).toHaveLength(width)
    }
    expect(page).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('is one HTML page with drawings, that loads nothing and runs nothing', async () => {
    const page = await pageOf(report(), 'tollgate <bench> & detection')
    expect(page.match(/<svg/g)).toHaveLength(3)
    expect(page).toContain('<code>tollgate &lt;bench&gt; &amp; detection</code>')
    expect(page).not.toMatch(/<script|<link|<img|NaN|undefined/)
  })
})
