import type { Verdict } from '../engine/decision.js'
import type { GateRequest } from './types.js'

/** What another answer would take, found by asking the engine again. */
export interface Alternative {
  change: string
  would: Verdict
}

/**
 * Asks the same engine again under the changes that a person could make.
 * @param would what the gate would say to a request now
 */
export async function alternativesTo(
  request: GateRequest,
  would: (request: GateRequest) => Promise<Verdict>,
): Promise<Alternative[]> {
  return [
    { change: 'a solved challenge', would: await would({ ...request, challengePassed: true }) },
    {
      change: 'an entry on the allow list, or riskCheck: false',
      would: await would({ ...request, riskCheck: false }),
    },
  ]
}
