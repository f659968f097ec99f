/** A token bucket: `perSecond` on average, `burst` at once. */
export class TokenBucket {
  #tokens: number
  #at: number

  constructor(
    readonly perSecond: number,
    readonly burst: number,
    now: number,
  ) {
    this.#tokens = burst
    this.#at = now
  }

  /** when it was last asked for a token, Unix ms; its making counts */
  get takenAt(): number {
    return this.#at
  }

  /** Takes a token if there is one. @returns ms until there is one, 0 when it was taken */
  take(now: number): number {
    // A clock that steps backwards refills nothing.
    if (now > this.#at) {
      this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#at) / 1000) * this.perSecond)
    }
    this.#at = now
    if (this.#tokens < 1) return ((1 - this.#tokens) / this.perSecond) * 1000
    this.#tokens -= 1
    return 0
  }

  /** Puts back a token that was taken for something that then did not count. */
  giveBack(): void {
    this.#tokens = Math.min(this.burst, this.#tokens + 1)
  }
}

/** Buckets by key, at most `capacity`: the one idle for longest makes room. */
export class TokenBuckets {
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(
    readonly perSecond: number,
    readonly burst: number,
    readonly capacity: number,
  ) {}

  of(key: string, now: number): TokenBucket {
    const found = this.#buckets.get(key)
    if (found) {
      this.#buckets.delete(key)
      this.#buckets.set(key, found)
      return found
    }
    if (this.#buckets.size >= this.capacity) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    const bucket = new TokenBucket(this.perSecond, this.burst, now)
    this.#buckets.set(key, bucket)
    return bucket
  }
}
