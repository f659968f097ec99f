import type { Attributes } from '@opentelemetry/api'
import { stage } from '../tracing/span.js'
import type { Gate, GateDecision, Result, StartResult, VerificationView } from './types.js'

/** What a span says of a decision: how it ended and why, nothing of whom it was about. */
const decided = ({ id, verdict, would, reasons, policyVersion, degraded }: GateDecision) => ({
  'tollgate.decision.id': id,
  'tollgate.verdict': verdict,
  'tollgate.would': would,
  'tollgate.reason': reasons[0]?.code ?? 'none',
  'tollgate.policy.version': policyVersion,
  ...(degraded && { 'tollgate.degraded': true }),
})

const of =
  <T>(describe: (value: T) => Attributes) =>
  (result: Result<T>): Attributes =>
    result.ok ? describe(result.value) : { 'tollgate.error': result.error.code }

const started = ({ decision, verification }: StartResult): Attributes => ({
  ...decided(decision),
  ...shown(verification),
})

const shown = ({ id, service, status }: VerificationView): Attributes => ({
  'tollgate.verification.id': id,
  'tollgate.service': service,
  'tollgate.verification.status': status,
})

/** The gate with a span around each call of an application, the parent of what is done for it. */
export function tracedGate(gate: Gate): Gate {
  const { decide, assess, start, solve, check, resend, cancel, approve, review, get, find } = gate
  return Object.defineProperties(
    {
      ...gate,
      decide: stage('gate.decide', decide, { describe: of(decided) }),
      assess: stage('gate.assess', assess, { describe: of(decided) }),
      start: stage('gate.start', start, { describe: of(started) }),
      solve: stage('gate.solve', solve, { describe: of(started) }),
      resend: stage('gate.resend', resend, { describe: of(started) }),
      check: stage('gate.check', check, {
        describe: of(({ status, verification }) => ({
          ...shown(verification),
          'tollgate.check': status,
        })),
      }),
      cancel: stage('gate.cancel', cancel, { describe: of(shown) }),
      approve: stage('gate.approve', approve, { describe: of(shown) }),
      review: stage('gate.review', review, { describe: of(shown) }),
      get: stage('gate.get', get, { describe: of(shown) }),
      find: stage('gate.find', find),
      report: stage('gate.report', gate.report),
      receive: stage('gate.receive', gate.receive),
    },
    // the policy in force is asked for each time
    { policy: { get: () => gate.policy, enumerable: true } },
  )
}
