import { describe, expect, it } from 'vitest'
import { aRequest, T0 } from '../../../test/conformance/ledger-rows.js'
import { DEFAULT_SERVICE } from '../../engine/defaults.js'
import type { Incident } from '../../engine/detect/change.js'
import type { Policy } from '../../engine/policy.js'
import { loadPolicy } from '../../policy/load.js'
import { evidenceCsv, evidenceOf } from './evidence.js'
import { findingsOf } from './findings.js'
import { proposalsFor, proposalYaml } from './proposals.js'

const PRICE = 110_000
const sent = aRequest('dec_sent', {
  at: T0,
  would: 'allow',
  mode: 'enforce',
  verdict: 'allow',
  reasons: [],
  credit: 'lost',
})
const refused = aRequest('dec_refused', {
  at: T0 + 1,
  would: 'deny',
  mode: 'enforce',
  verdict: 'deny',
  credit: 'none',
})
const leaked = aRequest('dec_leaked', {
  at: T0 + 2,
  would: 'deny',
  mode: 'monitor',
  credit: 'lost',
})

const attack: Incident = {
  id: 'inc_1',
  kind: 'attack',
  state: 'open',
  service: 'signup',
  countries: ['NG'],
  ranges: [
    {
      level: 'block',
      key: '+234803123',
      country: 'NG',
      operatorRange: '234803',
      sent: 2,
      verified: 0,
      expected: 1.4,
      evidence: 9,
    },
  ],
  sources: [],
  firstSendAt: T0,
  openedAt: T0,
  containedAt: null,
  closedAt: null,
  closedAs: null,
  lostMicroUsd: 0,
  savedMicroUsd: 0,
  refusedNumbers: 0,
  falsePositives: 0,
}

const policyOf = (part: Partial<Policy['services'][string]> = {}): Policy => ({
  version: 1,
  mode: 'enforce',
  spendCaps: [],
  services: { signup: { ...DEFAULT_SERVICE, name: 'signup', mode: 'enforce', ...part } },
  fallback: null,
})

describe('what an incident shows', () => {
  it('names what bound it, when that began, and what was spent before', () => {
    const found = findingsOf([sent, refused, leaked])
    expect(found).toMatchObject({ requests: 3, sent: 2, refused: 2, spentMicroUsd: 2 * PRICE })
    expect(found.boundBy).toEqual([
      { code: 'block.credit_exhausted', refused: 2, firstAt: T0 + 1, lastAt: T0 + 2 },
    ])
    expect(found.firstRefused).toEqual({
      at: T0 + 1,
      code: 'block.credit_exhausted',
      monitor: false,
      spentBeforeMicroUsd: PRICE,
      spentAfterMicroUsd: PRICE,
    })
    expect(findingsOf([sent, refused], false).firstRefused).toBeNull()
  })

  it('a challenge that was solved refused nobody', () => {
    const solved = aRequest('dec_2', { would: 'allow', mode: 'enforce', credit: 'earned' })
    expect(findingsOf([solved])).toMatchObject({ refused: 0, verified: 1, boundBy: [] })
  })

  it('the evidence lists messages that went out, in the fields a carrier knows, and runs in no spreadsheet', async () => {
    const evil = aRequest('dec_evil', {
      ...{ at: T0 + 3, would: 'allow', mode: 'enforce', reasons: [], credit: 'earned' },
      operator: '=HYPERLINK("x")',
    })
    const ledger = {
      search: async () => ({
        rows: [evil, refused, sent].map((row, seq) => ({ ...row, seq })),
        next: null,
        searchedTo: null,
      }),
      sendsOf: async () => new Map(),
    }
    const evidence = await evidenceOf(ledger, attack, T0 + 10)
    expect(evidence).toMatchObject({ complete: true, amount: (2 * PRICE) / 1e6 })
    expect(evidence.messages.map((m) => [m.request_id, m.code_entered])).toEqual([
      ['dec_sent', 'no'],
      ['dec_evil', 'yes'],
    ])
    const csv = evidenceCsv(evidence)
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`)
    expect(csv).not.toContain('device-1')
  })
})

describe('changes of the policy that are worth a replay', () => {
  const ids = (policy: Policy, incident = attack) =>
    proposalsFor(incident, policy).map(({ id }) => id)

  it('are those that the incident calls for', () => {
    expect(ids(policyOf({ markets: ['NG'] }))).toEqual(['deny-ranges', 'half-budget'])
    expect(ids(policyOf({ markets: ['GH'] }))).toEqual([
      'deny-ranges',
      'deny-countries',
      'challenge-outside',
      'half-budget',
    ])
    expect(ids(policyOf({ mode: 'monitor' }))[0]).toBe('enforce')
    expect(ids(policyOf(), { ...attack, kind: 'outage' })).toEqual([])
  })

  it('are written as the policy file has them', () => {
    for (const proposal of proposalsFor(attack, policyOf({ markets: ['GH'], mode: 'monitor' }))) {
      const lines = proposalYaml('signup', proposal).replace(
        'signup:',
        'signup:\n    markets: [GH]',
      )
      const text = `version: 1\n${lines}`
      const loaded = loadPolicy(text, { file: 'proposal.yaml' })
      expect(loaded.ok ? [] : loaded.errors).toEqual([])
    }
  })

  it('change what they say and nothing else', () => {
    const policy = policyOf({ markets: ['GH'] })
    const deny = proposalsFor(attack, policy).find(({ id }) => id === 'deny-ranges')
    expect(deny?.policy.services.signup).toEqual({
      ...policy.services.signup,
      lists: { allow: [], deny: ['+234803123*'] },
    })
  })
})
