import type { Partly } from './schema-service.js'

const isBlock = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Blocks are merged key by key, the later over the earlier; lists and single values replace. */
export function merge<T extends object>(
  base: T,
  ...over: readonly (Partly<NoInfer<T>> | undefined)[]
): T {
  const merged: Record<string, unknown> = { ...(base as Record<string, unknown>) }
  for (const layer of over) {
    for (const [key, value] of Object.entries(layer ?? {})) {
      const before = merged[key]
      merged[key] =
        isBlock(before) && isBlock(value) ? merge(before, value as Partly<typeof before>) : value
    }
  }
  return merged as T
}
