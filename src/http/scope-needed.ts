import type { Scope } from './keys.js'

const scopes = new WeakMap<object, Scope>()

/** Remembers which scope a hook asks keys for, so that the OpenAPI document says of each route what its hooks do. */
export function needs<Hook extends object>(hook: Hook, scope: Scope): Hook {
  scopes.set(hook, scope)
  return hook
}

/** Scope that one of a route's hooks asks keys for; `null` where no key is needed. */
export function scopeNeeded(hooks: unknown): Scope | null {
  for (const hook of [hooks].flat()) {
    const scope = typeof hook === 'function' ? scopes.get(hook) : undefined
    if (scope !== undefined) return scope
  }
  return null
}
