import { ATTACKS } from './attacks.js'
import type { ScenarioData } from './scenario.js'
import { CLEAN, TRAPS } from './traps.js'

/** Every scenario of the laboratory: clean days, traps, attacks. */
export const SCENARIOS: readonly ScenarioData[] = [...CLEAN, ...TRAPS, ...ATTACKS]

export const scenarioNamed = (name: string): ScenarioData | undefined =>
  SCENARIOS.find((scenario) => scenario.name === name)
