import { defaultFile } from './convert.js'
import type { LoadedPolicy } from './load.js'
import type { Shape } from './shape.js'
import { POLICY_SHAPE, SERVICE_SHAPE, settingsOf } from './written.js'

/** One effective setting that two policies do not share. */
export interface Difference {
  /** `services.signup.code.digits` */
  path: string
  /** as written; `null`: not there */
  before: string | null
  after: string | null
}

/**
 * What changes in effect between two policies, defaults included; how they are written does not matter. A service that
 * is in one of them only is one difference, and those of its settings that are not the built-in ones.
 */
export function diffPolicies(before: LoadedPolicy, after: LoadedPolicy): Difference[] {
  const [a, b] = [effective(before), effective(after)]
  const differences: Difference[] = []
  for (const block of new Set([...a.keys(), ...b.keys()])) {
    const [was, is] = [a.get(block), b.get(block)]
    const one = was === undefined || is === undefined
    if (one)
      differences.push({ path: block, before: was ? 'named' : null, after: is ? 'named' : null })
    for (const path of new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])) {
      const [from, to] = [was?.get(path) ?? null, is?.get(path) ?? null]
      if (from === to || (one && BUILT_IN.get(path) === (from ?? to))) continue
      differences.push({ path: block === '' ? path : `${block}.${path}`, before: from, after: to })
    }
  }
  return differences
}

const settings = (value: unknown, shape: Shape, path = ''): Map<string, string> =>
  new Map([...settingsOf(value, shape, path)].map((setting) => [setting.path, setting.value]))

const BUILT_IN = settings(defaultFile(), SERVICE_SHAPE)

/** Settings by path within their block; `''` is the file's own. */
function effective(loaded: LoadedPolicy): Map<string, Map<string, string>> {
  const { services, otherServices, defaults, policy } = loaded
  const caps = policy.spendCaps.map(({ period, limitMicroUsd }) => ({
    per: period,
    max: limitMicroUsd,
  }))
  const capsShape = POLICY_SHAPE.properties?.spendCaps
  const top = capsShape && caps.length > 0 ? settings(caps, capsShape, 'spendCaps') : new Map()
  const blocks = new Map([['', top.set('otherServices', otherServices)]])
  for (const [name, file] of Object.entries(services))
    blocks.set(`services.${name}`, settings(file, SERVICE_SHAPE))
  if (otherServices === 'default') blocks.set('defaults', settings(defaults, SERVICE_SHAPE))
  return blocks
}
