import type { CompiledService } from '../compile.js'
import type { Reason } from '../decision.js'
import type { Facts } from '../facts.js'
import type { Norms } from '../norms.js'
import type { Readings } from '../readings.js'
import type { Sense } from '../sense.js'
import type { Gathered, Query } from '../state.js'

/** What a rule may look at. Rules add reasons; none sees or stops another. */
export interface RuleContext {
  facts: Facts
  service: CompiledService
  query: Query
  state: Gathered
  norms: Norms
  readings: Readings
  sense: Sense
  now: number
  /** reasons no list and no known-good number overrides: validity, deny list, geo deny, spend */
  firm: Reason[]
  /** the others */
  soft: Reason[]
}

export type Rule = (context: RuleContext) => void

/** A reason that is a plain fact. */
export const fact = (
  code: Reason['code'],
  verdict: Reason['verdict'],
  subject: string,
): Reason => ({
  code,
  verdict,
  subject,
  observed: null,
  limit: null,
  unit: null,
  windowMs: null,
  until: null,
})
