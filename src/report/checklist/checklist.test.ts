import { describe, expect, it } from 'vitest'
import { DAY, USD } from '../../engine/units.js'
import { editPolicy, type SettingValue } from '../../policy/edit.js'
import { loadPolicy } from '../../policy/load.js'
import { checklistOf } from './checklist.js'
import { CHECKS, type CheckId, type ChecklistFacts } from './row.js'

const NOW = Date.UTC(2026, 10, 20)

const GOOD = `version: 1
mode: enforce
spendCaps: [{ per: day, max: 900 USD }]
services:
  signup:
    markets: [NG]
`

function policyOf(text: string) {
  const loaded = loadPolicy(text)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  return loaded.policy
}

const good: ChecklistFacts = {
  policy: policyOf(GOOD),
  rules: new Map([
    ['conversion.low', true],
    ['country.new', true],
  ]),
  sinks: [{ reports: ['daily'] }],
  providers: [
    { name: 'one', type: 'twilio', receipts: true },
    { name: 'two', type: 'http', receipts: true },
  ],
  publicUrl: 'https://gate.example.com',
  admins: 2,
  prices: 'prices.csv',
  outcomes: [{ service: 'signup', sends: 100, verified: 71 }],
  verifiedCountries: [{ country: 'NG', verified: 900 }],
  busiestDayMicroUsd: 80 * USD,
  confirmed: new Map([
    ['incident-plan', { at: NOW - DAY, by: 'Ada', note: 'in the wiki' }],
    ['backups', { at: NOW - DAY, by: 'Ada', note: 'nightly, read back in May' }],
  ]),
  now: NOW,
}

const bad: Record<CheckId, Partial<ChecklistFacts>> = {
  enforce: { policy: policyOf(GOOD.replace('mode: enforce', 'mode: monitor')) },
  'rate-limits': { policy: policyOf(`${GOOD}    rateLimits: []\n`) },
  'spend-caps': { policy: policyOf(GOOD.replace(/spendCaps.*\n/, '')) },
  markets: { policy: policyOf(GOOD.replace('[NG]', '[]')) },
  challenge: { policy: policyOf(`${GOOD}    challenge: { cost: 0.01 }\n`) },
  'number-types': {
    policy: policyOf(`${GOOD}    numberTypes: { PREMIUM_RATE: allow, VOIP: allow }\n`),
  },
  'ratio-alarm': { rules: new Map([['country.new', true]]) },
  'geographic-alerts': { sinks: [] },
  'daily-report': { sinks: [{ reports: [] }] },
  'incident-plan': { confirmed: new Map() },
  administrators: { admins: 1 },
  providers: { providers: [{ name: 'dev', type: 'console', receipts: false }] },
  receipts: { providers: [{ name: 'one', type: 'twilio', receipts: false }] },
  outcomes: { outcomes: [{ service: 'signup', sends: 100, verified: 0 }] },
  prices: { prices: "example prices, not any provider's: import your own" },
  https: { publicUrl: 'http://gate.example.com' },
  backups: {
    confirmed: new Map([['backups', { at: NOW - 91 * DAY, by: 'Ada', note: 'nightly' }]]),
  },
}

const rowOf = (facts: ChecklistFacts, id: CheckId) => {
  const row = checklistOf(facts).find((one) => one.id === id)
  if (row === undefined) throw new Error(`no row ${id}`)
  return row
}

describe('the checklist', () => {
  it('passes where everything is as it should be', () => {
    expect(checklistOf(good).filter(({ state }) => state !== 'pass')).toEqual([])
    expect(checklistOf(good).map(({ id }) => id)).toEqual([...CHECKS])
  })

  it.each(CHECKS)('%s can fail, says why, and how it is mended', (id) => {
    const row = rowOf({ ...good, ...bad[id] }, id)
    expect(['fail', 'warn', 'confirm']).toContain(row.state)
    expect(row.why).toMatch(/[.]$/)
    expect(row.evidence).not.toBe('')
    expect(row.remedy).not.toBeNull()
    expect(rowOf(good, id).remedy).toBeNull()
  })

  it.each([
    'enforce',
    'rate-limits',
    'spend-caps',
    'markets',
    'challenge',
    'number-types',
  ] as const)('%s is mended by the edits it proposes', (id) => {
    const texts: Partial<Record<CheckId, string>> = {
      enforce: GOOD.replace('mode: enforce', 'mode: monitor'),
      'rate-limits': `${GOOD}    rateLimits: []\n`,
      'spend-caps': GOOD.replace(/spendCaps.*\n/, ''),
      markets: GOOD.replace('[NG]', '[]'),
      challenge: `${GOOD}    challenge: { cost: 0.01 }\n`,
      'number-types': `${GOOD}    numberTypes: { PREMIUM_RATE: allow, VOIP: allow }\n`,
    }
    const text = texts[id] ?? ''
    const facts = { ...good, policy: policyOf(text) }
    const { remedy } = rowOf(facts, id)
    if (remedy?.kind !== 'policy') throw new Error(`${id} proposes no edits`)
    const edited = editPolicy(text)
    for (const { path, value } of remedy.edits)
      expect(edited?.set(path, value as SettingValue)).toBe(true)
    expect(rowOf({ ...facts, policy: policyOf(edited?.text() ?? '') }, id).state).toBe('pass')
  })

  it('says nothing of outcomes where there is too little to tell', () => {
    const row = rowOf(
      { ...good, outcomes: [{ service: 'signup', sends: 3, verified: 0 }] },
      'outcomes',
    )
    expect(row.state).toBe('unknown')
  })

  it('caps well above the busiest day', () => {
    const { remedy } = rowOf({ ...good, ...bad['spend-caps'] }, 'spend-caps')
    expect(remedy).toMatchObject({
      edits: [{ path: ['spendCaps'], value: [{ per: 'day', max: '240.00 USD' }] }],
    })
  })
})
