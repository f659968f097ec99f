import { appendFileSync, linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { result } from '../../test/fakes/bench-results.js'
import { tollgate } from '../../test/fakes/terminal.js'
import { nameOf } from '../lab/bench/contenders.js'
import type { Job } from '../lab/bench/job.js'
import type { RunOptions } from '../lab/bench/run-jobs.js'
import { benchDetection, type DetectionFlags } from './bench-detection.js'
import { EXIT } from './fault.js'
import type { Terminal } from './terminal.js'

describe('the command line of bench detection', () => {
  it.each([
    [['--scenarios', 'nowhere'], /no scenario "nowhere".*there are .*night-flood/s],
    [['--set', 'other'], /no set "other"/],
    [['--seeds', '0'], /whole number of at least 1/],
    [['--parts', 'all'], /headline, curves, ablations/],
    [['--scale', 'much'], /number over 0/],
    [['--set', 'report', '--scenarios', 'night-flood'], /nothing to play/],
  ])('refuses %j', async (args, message) => {
    const { exit, err } = await tollgate(['bench', 'detection', ...args])
    expect(exit).toBe(EXIT.usage)
    expect(err).toMatch(message)
  })
})

describe('bench detection', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  async function bench(part: Partial<DetectionFlags>) {
    const played: Job[] = []
    const out: string[] = []
    const terminal: Terminal = {
      out: (text) => out.push(text),
      err: () => undefined,
      progress: null,
      env: {},
      cwd: folder,
      now: () => 0,
    }
    /** in the reverse order, as threads might */
    const play = async ({ jobs, onResult }: RunOptions): Promise<void> => {
      for (const job of [...jobs].reverse()) {
        played.push(job)
        const { scenario, seed } = job
        onResult(result({ scenario, seed, contender: nameOf(job.contender), leaked: 10_000 }))
      }
    }
    await benchDetection(
      { quick: true, scenarios: ['night-flood'], threads: 1, ...part },
      terminal,
      play,
    )
    return { played, out }
  }

  it('answers in JSON with one result a line and the summary last', async () => {
    const { out } = await bench({ json: true })
    const lines = out.map((line) => JSON.parse(line))
    expect(lines).toHaveLength(8)
    expect(lines.slice(0, 7).map((l) => l.scenario)).toEqual(Array(7).fill('night-flood'))
    expect(lines[7]).toMatchObject({ bench: 'detection', case: 'summary' })
    expect(lines[7].headlines[0]).toMatchObject({
      set: 'report',
      seeds: [1],
      rows: [{ contender: 'tollgate' }, {}, {}, {}, {}, {}, {}],
    })
  })

  it('goes on where it was stopped, even in the middle of a line', async () => {
    const results = join(folder, 'results.ndjson')
    expect((await bench({ results })).played).toHaveLength(7)
    expect((await bench({ results })).played).toHaveLength(0)
    const whole = readFileSync(results, 'utf8')
    appendFileSync(results, '{"bench":"detec')
    const { played } = await bench({ results, seeds: 2 })
    expect(played.map((job) => job.seed)).toEqual(Array(7).fill(2))
    const lines = readFileSync(results, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(14)
    expect(readFileSync(results, 'utf8').startsWith(whole)).toBe(true)
  })

  it('refuses a file that holds something else', async () => {
    const results = join(folder, 'other.txt')
    appendFileSync(results, 'hello\n')
    await expect(bench({ results })).rejects.toThrow(/other\.txt:1: not a result/)
  })

  it('writes pages that name the command, and the order in which threads end does not show', async () => {
    const [markdown, html] = [join(folder, 'b.md'), join(folder, 'b.html')]
    // another name of what was there: whoever reads it has it whole to the end
    const before = [markdown, html].map((path) => `${path}.before`)
    for (const [i, path] of [markdown, html].entries()) {
      writeFileSync(path, 'as it was')
      linkSync(path, before[i] ?? '')
    }
    const { out } = await bench({ markdown, html })
    expect(before.map((path) => readFileSync(path, 'utf8'))).toEqual(['as it was', 'as it was'])
    expect(readFileSync(markdown, 'utf8')).toContain(
      '`tollgate bench detection --quick --scenarios night-flood`',
    )
    expect(readFileSync(html, 'utf8')).toContain('<svg')
    const text = out.join('\n')
    expect(text.indexOf('\ntollgate ')).toBeLessThan(text.indexOf('\nvendor-limits '))
  })
})
