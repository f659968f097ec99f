import type { Shape } from './shape.js'
import { formatDuration, formatMoney } from './units.js'

/** A value as one writes it in the file, as a tree: durations `10m`, money `50.00 USD`. */
export function inWords(value: unknown, shape: Shape): unknown {
  switch (shape.kind) {
    case 'duration':
      return formatDuration(value as number)
    case 'money':
      return formatMoney(value as number)
    case 'list':
      return (value as unknown[]).map((item) => inWords(item, shape.items as Shape))
    case 'map':
      return each(value as object, () => shape.item)
    case 'block':
      return each(value as object, (key) => shape.properties?.[key])
    default:
      return value
  }
}

const each = (value: object, shapeOf: (key: string) => Shape | undefined): object =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const shape = shapeOf(key)
      return shape === undefined || item === undefined ? [] : [[key, inWords(item, shape)]]
    }),
  )
