import { ADAPTIVE } from './attacks-adaptive.js'
import { FLOODS } from './attacks-floods.js'
import { LYING } from './attacks-lying.js'
import { IN_MARKET } from './attacks-market.js'
import type { AttackScenario } from './attacks-scenario.js'
import { BY_SOURCE } from './attacks-sources.js'
import { STEADY } from './attacks-steady.js'

/** Every attack of the laboratory. Defaults are tuned on the `tune` set; figures are reported on the `report` set. */
export const ATTACKS: readonly AttackScenario[] = [
  ...FLOODS,
  ...STEADY,
  ...IN_MARKET,
  ...LYING,
  ...BY_SOURCE,
  ...ADAPTIVE,
]
