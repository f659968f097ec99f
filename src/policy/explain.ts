import { compileService, LINE_INDEX, SCALED_LINES } from '../engine/compile.js'
import type { ServicePolicy } from '../engine/policy.js'
import { defaultFile, toEngine } from './convert.js'
import type { LoadedPolicy } from './load.js'
import type { ServiceFile } from './schema-service.js'
import { formatMoney } from './units.js'
import { SERVICE_SHAPE, type Setting, settingsOf } from './written.js'

/** Where an effective value comes from. */
export type Origin =
  | { from: 'built-in' }
  /** the file's block `defaults`, or `mode` at its top */
  | { from: 'defaults'; line: number }
  /** the service's own block */
  | { from: 'service'; line: number }

export interface ExplainedSetting extends Setting {
  origin: Origin
  /** what it comes to, where that is not what is written: openings scale with the fraud budget */
  effective: string | null
}

export interface ExplainedService {
  /** as in the file; `defaults` is what a service gets that the file does not name */
  name: string
  settings: ExplainedSetting[]
}

/** Every effective value of a policy, and where it comes from. */
export function explainPolicy(loaded: LoadedPolicy): ExplainedService[] {
  const { services, policy, otherServices, defaults, origins } = loaded
  const explained = Object.entries(services).map(([name, file]) => ({
    name,
    settings: settingsFrom(file, policy.services[name] as ServicePolicy, (path) =>
      originOf(path, [`services.${name}`, 'defaults'], origins),
    ),
  }))
  if (otherServices === 'deny') return explained
  const base = toEngine(defaults, 'defaults')
  const rest = settingsFrom(defaults, base, (path) => originOf(path, ['defaults'], origins))
  return [...explained, { name: 'defaults', settings: rest }]
}

/** What runs with no policy file at all. */
export function explainBuiltIn(): ExplainedService {
  const file = defaultFile()
  const builtIn = (): Origin => ({ from: 'built-in' })
  return { name: 'defaults', settings: settingsFrom(file, toEngine(file, 'defaults'), builtIn) }
}

function settingsFrom(
  file: ServiceFile,
  policy: ServicePolicy,
  origin: (path: string) => Origin,
): ExplainedSetting[] {
  const effective = effectiveOpenings(policy)
  return [...settingsOf(file, SERVICE_SHAPE)].map((setting) => {
    const comesTo = effective.get(setting.path) ?? null
    return {
      ...setting,
      origin: origin(setting.path),
      effective: comesTo === setting.value ? null : comesTo,
    }
  })
}

/** To a hundredth of a cent. */
const rounded = (microUsd: number): string => formatMoney(Math.round(microUsd / 100) * 100)

/** Openings as the lines have them, after scaling with the fraud budget. */
function effectiveOpenings(policy: ServicePolicy): Map<string, string> {
  const { opening, openingOutside } = compileService(policy, [])
  const amounts = new Map<string, string>()
  for (const line of SCALED_LINES) {
    const at = LINE_INDEX[line]
    const inside = rounded(opening[at] ?? 0)
    if (line === 'service') amounts.set('fraudBudget', `the service line opens with ${inside}`)
    else {
      amounts.set(`lines.${line}.opening`, inside)
      amounts.set(`lines.${line}.openingOutside`, rounded(openingOutside[at] ?? 0))
    }
  }
  return amounts
}

function originOf(
  path: string,
  layers: readonly string[],
  origins: ReadonlyMap<string, number>,
): Origin {
  for (const layer of layers) {
    // lists replace as a whole: an entry comes from where its list is written
    const line = origins.get(`${layer}.${path.replace(/\[\d+\]$/, '')}`)
    if (line !== undefined) return { from: layer === 'defaults' ? 'defaults' : 'service', line }
  }
  const top = path === 'mode' ? origins.get('mode') : undefined
  return top === undefined ? { from: 'built-in' } : { from: 'defaults', line: top }
}
