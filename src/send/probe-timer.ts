import type { IBackoff } from 'cockatiel'

/**
 * Time a circuit stays open, doubling with each failed probe. The breaker compares `duration` with the time of
 * day; that stands still or jumps when the machine's clock is set, and a step of an hour backwards would keep
 * a provider out for an hour. So the answer comes from the given clock and `duration` is only yes or no.
 */
export class ProbeTimer implements IBackoff<unknown> {
  private dueAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly options: {
      /** monotonic, ms */
      clock: () => number
      firstMs: number
      maxMs: number
    },
  ) {}

  /** The breaker opened: `attempt` 1, or a probe failed: 2 and more. */
  next(context: unknown): this {
    const attempt = (context as { attempt?: number }).attempt ?? 1
    const { clock, firstMs, maxMs } = this.options
    this.dueAt = clock() + Math.min(maxMs, firstMs * 2 ** (attempt - 1))
    return this
  }

  /** A probe may be sent. */
  get due(): boolean {
    return this.options.clock() >= this.dueAt
  }

  get duration(): number {
    return this.due ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }
}
