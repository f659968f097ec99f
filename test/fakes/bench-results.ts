import type { JobResult } from '../../src/lab/bench/job.js'

interface Made {
  scenario?: string
  kind?: JobResult['kind']
  seed?: number
  contender?: string
  /** micro-USD of an attack that asked for 1,000,000 */
  leaked?: number
  /** of 1,000 legitimate requests, all to Nigeria */
  lost?: number
  challenged?: number
}

/** A result of the bench, made up. */
export function result(made: Made = {}): JobResult {
  const { scenario = 'flood', kind = 'attack', seed = 1, contender = 'tollgate' } = made
  const { leaked = 0, lost = 0, challenged = 0 } = made
  const isAttack = kind === 'attack'
  return {
    bench: 'detection',
    scenario,
    kind,
    set: 'report',
    seed,
    contender,
    requests: 1_000 + (isAttack ? 100 : 0),
    legit: {
      requests: 1_000,
      sent: 1_000 - lost,
      sentMicroUsd: 0,
      attemptedMicroUsd: 0,
      challenged,
      denied: lost,
      lost,
    },
    attack: {
      requests: isAttack ? 100 : 0,
      sent: isAttack ? leaked / 10_000 : 0,
      sentMicroUsd: isAttack ? leaked : 0,
      attemptedMicroUsd: isAttack ? 1_000_000 : 0,
      challenged: 0,
      denied: 0,
      lost: 0,
    },
    countries: { NG: { requests: 1_000, challenged, denied: lost, lost } },
    during: isAttack ? { NG: { requests: 100, challenged, denied: lost, lost } } : {},
    containment: {
      startedAt: isAttack ? 0 : null,
      afterMs: isAttack ? 60_000 * seed : 0,
      contained: isAttack,
      sends: leaked / 10_000,
      peakMicroUsd: leaked,
    },
    incidentAfterMs: null,
    incidents: false,
    reliability: [{ requests: 900, attacks: 9 }],
    decidingMs: 100,
  }
}
