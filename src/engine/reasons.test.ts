import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CREDIT_REASON, RATE_REASON } from './compile.js'
import { REASON_CODES, REASONS } from './reasons.js'

/** Codes that rules and core write out, and those they put together from a subject or a source. */
function written(): Set<string> {
  const folder = new URL('./rules/', import.meta.url)
  const files = readdirSync(folder)
    .filter((f) => !f.endsWith('.test.ts'))
    .map((f) => new URL(f, folder))
  for (const file of ['core.ts', 'contended.ts'])
    files.push(new URL(`../verify/${file}`, import.meta.url))
  const codes = new Set<string>([...CREDIT_REASON, ...RATE_REASON])
  for (const file of files)
    for (const [, code] of readFileSync(file, 'utf8').matchAll(/'([a-z_]+\.[a-z_]+)'/g))
      codes.add(code ?? '')
  for (const per of ['ip', 'subnet', 'network', 'device', 'account', 'session'])
    for (const of of ['numbers', 'countries']) codes.add(`${per}.${of}`)
  for (const standIn of ['degraded', 'open']) codes.add(`store.${standIn}`)
  // a number line has no separate rate code beside its own
  return codes
}

describe('the catalogue of reasons', () => {
  it('is closed: what can be said is in it, and what is in it can be said', () => {
    expect([...written()].sort()).toEqual([...REASON_CODES].sort())
  })

  it('has a subject and a measure, a sentence and a remedy for every code', () => {
    for (const code of REASON_CODES) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/)
      const { sentence, remedy } = REASONS[code]
      expect(sentence.length).toBeGreaterThan(10)
      expect(remedy.length).toBeGreaterThan(5)
      for (const [, name] of sentence.matchAll(/\{(\w+)\}/g))
        expect(['subject', 'observed', 'limit', 'window']).toContain(name)
    }
  })
})
