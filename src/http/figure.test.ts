import { expect, it } from 'vitest'
import type { Reason } from '../engine/decision.js'
import type { Evidence } from '../engine/signals/weigh.js'
import type { GateDecision } from '../verify/types.js'
import {
  showEvidence as consoleEvidence,
  showReason as consoleReason,
} from './console/decision-show.js'
import { figure } from './figure.js'
import { showDecision } from './native/show.js'

const noise = 0.1 + 0.2
const evidence = {
  ...{ code: 'source.burst', group: 'source', logOdds: noise, observed: noise },
  ...{ expected: noise, windowMs: null },
} as unknown as Evidence
const reason: Reason = {
  code: 'risk.high',
  verdict: 'challenge',
  subject: '+234803',
  observed: noise,
  limit: 0.4,
  unit: 'score',
  windowMs: null,
  until: null,
}

it.each([
  [noise, 0.3],
  [-noise, -0.3],
  [1_700_000_000_000, 1_700_000_000_000],
  [0.000_001_4, 0.000_001],
  [2 / 3, 0.666_667],
])('%d is told as %d', (value, told) => {
  expect(figure(value)).toBe(told)
})

it('answers of the API and of the console tell figures without the noise of floating point', () => {
  const decision = { evidence: [evidence], reasons: [reason] } as unknown as GateDecision
  const shown = [
    showDecision(decision),
    consoleEvidence({ evidence: [evidence] } as never),
    consoleReason(reason, { number: '', block: '', clear: true }),
  ]
  expect(JSON.stringify(shown)).not.toMatch(/\d\.\d{7}/)
  expect(shown[2]).toMatchObject({ observed: 0.3, headroom: 0.1 })
  expect(shown[0]).toMatchObject({ evidence: [{ logOdds: 0.3, observed: 0.3, expected: 0.3 }] })
})
