import { type CompiledPolicy, type CompiledService, compileService } from '../engine/compile.js'
import { DEFAULT_SERVICE } from '../engine/defaults.js'

/**
 * Services with what they have in flight. One that the policy no longer names sends nothing, but what it has charged
 * is settled all the same: it would stay reserved for good, and close its lines when the service is named again.
 */
export function keptServices() {
  const gone = new Map<string, CompiledService>()
  return {
    /** Keeps what the next policy leaves out. @returns the next */
    change({ policy, service }: CompiledPolicy, next: CompiledPolicy): CompiledPolicy {
      for (const name of Object.keys(policy.services)) {
        const before = service(name)
        if (before !== null && next.service(name) === null) gone.set(name, before)
      }
      return next
    },
    /** As the policy has it, as the last one had it that did, or by default: a restart forgets older policies. */
    of(policy: CompiledPolicy, name: string): CompiledService {
      const known = policy.service(name) ?? gone.get(name)
      if (known !== undefined) return known
      const made = compileService({ ...DEFAULT_SERVICE, name }, policy.policy.spendCaps)
      gone.set(name, made)
      return made
    },
  }
}
