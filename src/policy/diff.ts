import type { LoadedPolicy } from './load.js'
import { POLICY_SHAPE, SERVICE_SHAPE, settingsOf } from './written.js'

/** One effective setting that two policies do not share. */
export interface Difference {
  /** `services.signup.code.digits` */
  path: string
  /** as written; `null`: not there */
  before: string | null
  after: string | null
}

/** What changes in effect between two policies, defaults included; how they are written does not matter. */
export function diffPolicies(before: LoadedPolicy, after: LoadedPolicy): Difference[] {
  const [a, b] = [effective(before), effective(after)]
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((path) => ({ path, before: a.get(path) ?? null, after: b.get(path) ?? null }))
    .filter(({ before: was, after: is }) => was !== is)
}

function effective(loaded: LoadedPolicy): Map<string, string> {
  const { services, otherServices, defaults, policy } = loaded
  const settings = new Map([['otherServices', otherServices as string]])
  const caps = policy.spendCaps.map(({ period, limitMicroUsd }) => ({
    per: period,
    max: limitMicroUsd,
  }))
  const capsShape = POLICY_SHAPE.properties?.spendCaps
  if (capsShape && caps.length > 0)
    for (const { path, value } of settingsOf(caps, capsShape, 'spendCaps'))
      settings.set(path, value)
  const all = Object.entries(services).map(
    ([name, file]) => [`services.${name}` as string, file] as const,
  )
  if (otherServices === 'default') all.push(['defaults', defaults])
  for (const [at, file] of all)
    for (const { path, value } of settingsOf(file, SERVICE_SHAPE, at)) settings.set(path, value)
  return settings
}
