import { EXAMPLE_PRICES_USD } from '../../phone/example-prices.js'
import { ELSEWHERE_USD } from '../../phone/prices.js'
import { createAddresses } from './addresses.js'
import { oncePer } from './once-per.js'
import { createRangeReader } from './ranges.js'
import { createSubscribers, numberIn } from './subscribers.js'
import type { World } from './world.js'

const MICRO_USD = 1_000_000

/**
 * A world of the installed numbering plans and networks, and the example prices. Holds no seed and no state that shows:
 * the same `Random` draws the same people on every machine. A country is read when it is first asked for.
 */
export function createWorld(): World {
  const ranges = createRangeReader()
  const subscribers = oncePer((country: string) => {
    const holders = ranges(country)
    if (holders.length === 0)
      throw new RangeError(`${country} has no mobile numbers in blocks of 10,000`)
    return createSubscribers(holders)
  })
  return {
    number: (country, random) => subscribers(country).number(random),
    blocks: (country, n, random) => subscribers(country).blocks(n, random),
    numberIn,
    address: createAddresses(),
    price: (country) => Math.round((EXAMPLE_PRICES_USD[country] ?? ELSEWHERE_USD) * MICRO_USD),
  }
}
