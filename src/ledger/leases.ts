/** Work that one of several gateways does for all of them. */
export interface LeaseStore {
  /**
   * Takes a lease, or renews one's own, for `ttlMs` from now. Where gateways share a ledger its clock decides, not
   * theirs: whoever is told `true` may rely on it for `ttlMs` from before the call, and must stop when it cannot renew.
   * @returns false while somebody else has it
   */
  lease(name: string, holder: string, ttlMs: number): Promise<boolean>
  /** Gives a lease up before its end; nothing happens to somebody else's. */
  releaseLease(name: string, holder: string): Promise<void>
}

/** Leases within one process, for a ledger that no other process works on. */
export function processLeases(clock: () => number): LeaseStore {
  const held = new Map<string, { holder: string; until: number }>()
  return {
    async lease(name, holder, ttlMs) {
      const now = clock()
      const current = held.get(name)
      if (current !== undefined && current.holder !== holder && current.until > now) return false
      held.set(name, { holder, until: now + ttlMs })
      return true
    },
    async releaseLease(name, holder) {
      if (held.get(name)?.holder === holder) held.delete(name)
    },
  }
}
