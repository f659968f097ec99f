import { examplePrices, loadPrices, type PriceTable } from '../phone/prices.js'
import type { Config } from './config.js'
import { asUsage } from './fault.js'

/** The prices of a deployment: its file, or the example ones. */
export const pricesOf = (config: Pick<Config, 'prices' | 'rates'>): Promise<PriceTable> => {
  const { prices, rates } = config
  return asUsage('', () => (prices === null ? examplePrices() : loadPrices(prices, { rates })))
}
