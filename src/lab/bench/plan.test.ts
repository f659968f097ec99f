import { describe, expect, it } from 'vitest'
import { compileService } from '../../engine/compile.js'
import { DEFAULT_SERVICE } from '../../engine/defaults.js'
import { SCENARIOS } from '../scenarios/catalogue.js'
import { ABLATION_NAMES, ABLATIONS, singlesAndPairs } from './ablations.js'
import { benchPolicy, CONTENDERS, CURVES, createContender, nameOf } from './contenders.js'
import { jobKey } from './job.js'
import { PARTS } from './parts.js'
import { jobsOf } from './plan.js'
import { contendersOf } from './report.js'

describe('contenders', () => {
  it('are the gate and six rule sets, each under its own name', () => {
    const names = CONTENDERS.map((spec) => createContender(spec, ['NG']).name)
    expect(names).toEqual(CONTENDERS.map(nameOf))
    expect(new Set(names).size).toBe(7)
  })

  it('pass through their published setting on every curve', () => {
    for (const { name, points } of CURVES) expect(points.map(nameOf)).toContain(name)
  })

  it('play the default policy, enforced, with the markets of the platform', () => {
    expect(benchPolicy({ kind: 'tollgate' }, ['NG']).fallback).toEqual({
      ...DEFAULT_SERVICE,
      mode: 'enforce',
      markets: ['NG'],
    })
    expect(benchPolicy({ kind: 'tollgate', budgetUsd: 5 }, []).fallback?.fraudBudgetMicroUsd).toBe(
      5_000_000,
    )
  })
})

describe('ablations', () => {
  it.each(ABLATION_NAMES)('%s changes the default policy to one that compiles', (name) => {
    const policy = ABLATIONS[name].without(DEFAULT_SERVICE)
    expect(policy).not.toEqual(DEFAULT_SERVICE)
    expect(() => compileService(policy, [])).not.toThrow()
  })

  it('come singly and in pairs', () => {
    expect(singlesAndPairs(['counts', 'soft-zone', 'known-good'])).toEqual([
      ['counts'],
      ['soft-zone'],
      ['known-good'],
      ['counts', 'soft-zone'],
      ['counts', 'known-good'],
      ['soft-zone', 'known-good'],
    ])
  })
})

describe('a plan', () => {
  const scenarios = SCENARIOS.slice(0, 2)

  it('has each job once, whole seeds first', () => {
    const jobs = jobsOf({ parts: PARTS, scenarios, seeds: 5 })
    expect(new Set(jobs.map(jobKey)).size).toBe(jobs.length)
    const names = new Set(PARTS.flatMap((part) => contendersOf(part).map(nameOf)))
    expect(jobs.filter((job) => job.seed === 1)).toHaveLength(2 * names.size)
    expect(jobs.filter((job) => job.seed === 5)).toHaveLength(2 * CONTENDERS.length)
    expect(jobs.map((job) => job.seed)).toEqual(jobs.map((job) => job.seed).sort((a, b) => a - b))
  })

  it('gives curves and ablations a fifth of the seeds', () => {
    const seeds = (of: 'curves' | 'ablations') =>
      new Set(jobsOf({ parts: [of], scenarios, seeds: 20 }).map((job) => job.seed)).size
    expect([seeds('curves'), seeds('ablations')]).toEqual([4, 4])
  })
})
