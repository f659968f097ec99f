import { type ClaimScope, LedgerError } from '../port.js'
import { Timetable } from './timetable.js'

/** Expired keys swept out with each new one: more than one, or a backlog would never shrink. */
const SWEEP = 8

/** Keys that are taken once. None is dropped before its time: a solved challenge would work twice. */
export class Claims {
  readonly #claims = new Map<string, { value: string; expiresAt: number }>()
  readonly #expiring = new Timetable()

  constructor(readonly capacity: number) {}

  putIfAbsent(
    scope: ClaimScope,
    key: string,
    value: string,
    expiresAt: number,
    now: number,
  ): string | null {
    this.expire(now, SWEEP)
    const held = this.#claims.get(nameOf(scope, key))
    if (held !== undefined && held.expiresAt > now) return held.value
    if (this.#claims.size >= this.capacity)
      throw new LedgerError('full', `${this.capacity} keys are taken: raise its capacity`)
    this.put(scope, key, value, expiresAt)
    return null
  }

  put(scope: ClaimScope, key: string, value: string, expiresAt: number): void {
    this.#claims.set(nameOf(scope, key), { value, expiresAt })
    this.#expiring.add(nameOf(scope, key), expiresAt)
  }

  remove(scope: ClaimScope, key: string): void {
    this.#claims.delete(nameOf(scope, key))
  }

  /** @returns how many went */
  expire(now: number, limit: number): number {
    const gone = this.#expiring.due(
      now,
      limit,
      (name, at) => this.#claims.get(name)?.expiresAt === at,
    )
    for (const name of gone) this.#claims.delete(name)
    return gone.length
  }
}

const nameOf = (scope: ClaimScope, key: string): string => `${scope}|${key}`
