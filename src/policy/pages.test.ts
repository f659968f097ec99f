import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { REASON_CODES } from '../engine/reasons.js'
import { signalsPage } from '../engine/signals/signals-page.js'
import { policyPage } from './policy-page.js'
import { reasonsPage } from './reasons-page.js'
import { SERVICE_SHAPE } from './written.js'

const page = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

test('docs/policy.md is what the schema says (else: npm run docs)', () => {
  expect(page('policy.md')).toBe(policyPage())
})

test('docs/reasons.md is what the catalogue says (else: npm run docs)', () => {
  expect(page('reasons.md')).toBe(reasonsPage())
})

describe('reasons', () => {
  // read from the page by itself: the generator may be wrong too
  const documented = [...page('reasons.md').matchAll(/^\| `([a-z_]+\.[a-z_]+)` \|/gm)].map(
    (m) => m[1],
  )

  test('every code of the catalogue is documented, once', () => {
    expect(documented.toSorted()).toEqual([...REASON_CODES].sort())
  })

  test('every documented code is in the catalogue', () => {
    for (const code of documented) expect(REASON_CODES).toContain(code)
  })
})

test('every setting of a service is in the reference', () => {
  const text = page('policy.md')
  for (const key of Object.keys(SERVICE_SHAPE.properties ?? {}))
    expect(text).toContain(`\`${key}\``)
})

test('docs/signals.md is what the signals say (else: npm run docs)', () => {
  expect(page('signals.md')).toBe(signalsPage())
})
