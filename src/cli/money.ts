import { usd } from '../engine/money.js'

export { usd }

/** An amount of a line: money or messages. */
export const amount = (value: number, unit: 'micro_usd' | 'messages'): string =>
  unit === 'micro_usd' ? usd(value) : String(Math.round(value * 100) / 100)
