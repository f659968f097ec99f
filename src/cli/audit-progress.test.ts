import { describe, expect, it } from 'vitest'
import { createAuditProgress } from './audit-progress.js'

describe('progress of an audit', () => {
  it('tells rate and time left of each step, at most ten times a second', () => {
    const told: string[] = []
    let now = 0
    const { tell, end } = createAuditProgress({ progress: (text) => told.push(text) }, () => now)
    const at = (ms: number, done: number, rows: number, step: 'read' | 'analyse' = 'read') => {
      now = ms
      tell?.({ step, done, rows, bytes: 0 })
    }
    at(0, 0, 0)
    at(50, 0.1, 10_000)
    at(2_000, 0.25, 500_000)
    at(3_000, 0, 2_000_000, 'analyse')
    at(4_000, 0.5, 2_000_000, 'analyse')
    end()
    expect(told).toEqual([
      'reading 0 %',
      'reading 25 %, 500,000 messages, 250,000 a second, 6 s left',
      'looking for fraud 0 %',
      'looking for fraud 50 %, 1 s left',
      '',
    ])
  })

  it('is silent where there is no terminal', () => {
    expect(createAuditProgress({ progress: null }, () => 0).tell).toBeUndefined()
  })
})
