import type { Policy } from '../engine/policy.js'
import type { Ledger } from '../ledger/port.js'
import { loadPolicy } from '../policy/load.js'
import { formatErrors } from '../policy/problem.js'
import type { Gate } from './types.js'

/** Who the built-in policy is by: it stands only until somebody publishes one. */
const BUILT_IN = 'built-in'
/** Versions that were published in the console. */
const PUBLISHED = /^(user|key):/
/** Versions among which a text is looked for. */
const LOOKED_AT = 100

export interface Versioned {
  policy: Policy
  version: number
  /** it was published in the console, and is not the one that was given */
  published: boolean
}

/**
 * The same policy started again is the same version. Without a policy file what was published last stays in force: the
 * built-in policy must not take its place because the process was started again.
 * @param given.shared other gateways are at work: an old file of one of them, started again, must not undo what was
 * published at another
 */
export async function startingPolicy(
  ledger: Ledger,
  given: { policy: Policy; text: string; by: string; shared: boolean },
  now: number,
  onError: (error: Error) => void,
): Promise<Versioned> {
  const { policy, text, by, shared } = given
  const last = await ledger.policy()
  if (last !== null && last.yaml === text)
    return { policy, version: last.version, published: false }
  if (
    last !== null &&
    PUBLISHED.test(last.by) &&
    (by === BUILT_IN || (shared && (await isOld())))
  ) {
    const published = loadPolicy(last.yaml, { file: `version ${last.version}` })
    if (published.ok) return { policy: published.policy, version: last.version, published: true }
    onError(
      new Error(
        `policy version ${last.version}, published by ${last.by}, cannot be read any more; the built-in policy is in force:\n${formatErrors(published.errors)}`,
      ),
    )
  }
  const version = await ledger.putPolicy({ at: now, by, yaml: text, note: null })
  return { policy, version, published: false }

  async function isOld(): Promise<boolean> {
    const old = (await ledger.policies(LOOKED_AT)).some(({ yaml }) => yaml === text)
    if (old)
      onError(
        new Error(
          'the policy file of this gateway is older than what was published in the console, which stays in force; bring the file up to date',
        ),
      )
    return old
  }
}

/** Puts in force what was published at another gateway. @returns the version, `null` when there is nothing new */
export async function followPolicy(
  { ledger, gate }: { ledger: Ledger; gate: Gate },
  onError: (error: Error) => void,
): Promise<number | null> {
  const newest = await ledger.policy()
  if (newest === null || newest.version <= gate.policy.version) return null
  const loaded = loadPolicy(newest.yaml, { file: `version ${newest.version}` })
  if (!loaded.ok) {
    onError(
      new Error(
        `policy version ${newest.version} cannot be read by this gateway, the one before stays in force:\n${formatErrors(loaded.errors)}`,
      ),
    )
    return null
  }
  gate.setPolicy(loaded.policy, newest.version)
  return newest.version
}
