import { PolicyFile, ServiceFile } from './schema-service.js'
import type { Shape } from './shape.js'
import { formatDuration, formatMoney } from './units.js'

/** The schemas as their annotations say it. */
export const SERVICE_SHAPE = ServiceFile as unknown as Shape
export const POLICY_SHAPE = PolicyFile as unknown as Shape

const isPlain = (text: string): boolean =>
  /^[A-Za-z][\w ./{}-]*$/.test(text) && !/^(true|false|null|yes|no)$/i.test(text)

/** A value as one writes it in the file, in one line. */
export function written(value: unknown, shape: Shape): string {
  switch (shape.kind) {
    case 'duration':
      return formatDuration(value as number)
    case 'money':
      return formatMoney(value as number)
    case 'list':
      return `[${(value as unknown[]).map((item) => written(item, shape.items as Shape)).join(', ')}]`
    case 'map':
      return inBraces(value as object, () => shape.item as Shape)
    case 'block':
      return inBraces(value as object, (key) => shape.properties?.[key] as Shape)
    case 'text':
    case 'entry':
      return JSON.stringify(value)
    default:
      return typeof value === 'string' && !isPlain(value) ? JSON.stringify(value) : String(value)
  }
}

const inBraces = (value: object, shapeOf: (key: string) => Shape): string => {
  const entries = Object.entries(value).map(
    ([key, item]) => `${key}: ${written(item, shapeOf(key))}`,
  )
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

/** One setting: a leaf of the file's tree. Entries of lists of blocks are settings of their own. */
export interface Setting {
  /** below what was given: `code.digits`, `rateLimits[0]` */
  path: string
  value: string
}

/** All settings of a value, in the order of the schema. */
export function* settingsOf(value: unknown, shape: Shape, path = ''): Generator<Setting> {
  const below = (key: string): string => (path === '' ? key : `${path}.${key}`)
  if (shape.kind === 'block') {
    for (const [key, inner] of Object.entries(shape.properties ?? {})) {
      const item = (value as Record<string, unknown>)[key]
      if (item !== undefined) yield* settingsOf(item, inner, below(key))
    }
  } else if (shape.kind === 'map' && Object.keys(value as object).length > 0) {
    for (const [key, item] of Object.entries(value as object))
      yield* settingsOf(item, shape.item as Shape, below(key))
  } else if (
    shape.kind === 'list' &&
    shape.items?.kind === 'block' &&
    (value as unknown[]).length > 0
  ) {
    for (const [i, item] of (value as unknown[]).entries())
      yield { path: `${path}[${i}]`, value: written(item, shape.items) }
  } else yield { path, value: written(value, shape) }
}
