import { collection } from '../../ledger/collection.js'
import type { DeskParts } from '../parts.js'
import {
  ALERT_RULES,
  type RuleId,
  type RuleOverride,
  type RuleOverrides,
  ruleInForce,
} from './rules.js'

const ONLY = 'overrides'

/** The rules as operators changed them. */
export function createRules({ ledger, clock }: Pick<DeskParts, 'ledger' | 'clock'>) {
  const kept = collection<RuleOverrides>(ledger, 'alert-rules')
  let overrides: RuleOverrides = {}
  return {
    async load(): Promise<void> {
      overrides = (await kept.get(ONLY))?.value ?? {}
    },
    overrides: (): RuleOverrides => overrides,
    all: () => ALERT_RULES.map(({ id }) => ruleInForce(id, overrides)),
    /** @param override `null`: as in the catalogue */
    async change(id: RuleId, override: RuleOverride | null): Promise<void> {
      const { [id]: _before, ...others } = overrides
      const next = override === null ? others : { ...others, [id]: override }
      await kept.put({ id: ONLY, at: clock(), value: next })
      overrides = next
    },
  }
}
