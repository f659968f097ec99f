import type { Static } from '@sinclair/typebox'
import type { GateDecision, StartResult } from '../../verify/types.js'
import type { Decision, Started } from '../schema.js'
import { sentence } from '../sentence.js'

/** The gate's values as the native API writes them. */
export function showDecision(decision: GateDecision): Static<typeof Decision> {
  return {
    ...decision,
    reasons: decision.reasons.map((reason) => ({ ...reason, message: sentence(reason) })),
  }
}

export function showStarted(result: StartResult): Static<typeof Started> {
  const { timeline: _, ...view } = result.verification
  return {
    ...view,
    decision: showDecision(result.decision),
    challenge: result.challenge,
    channels: result.channels,
  }
}
