import { marketsOf } from './business.js'
import { marketplace } from './marketplace.js'
import { type WrittenLog, writeBusiness } from './write-business.js'

export interface SampleOptions {
  /** @default 1 */
  seed?: number
  /** in all, about @default 1000000 */
  messages?: number
  /** @default 365 */
  days?: number
  onProgress?: (done: number) => void
}

export interface Sample extends WrittenLog {
  /** countries that the marketplace serves, largest first */
  markets: string[]
}

/**
 * Writes a labelled year of a marketplace into a directory: its message log, the codes that were entered, and which
 * messages were of its three attacks. The same options give the same files.
 */
export async function writeSample(dir: string, options: SampleOptions = {}): Promise<Sample> {
  const { seed = 1, messages = 1_000_000, days = 365, onProgress } = options
  const business = marketplace({ messages, days })
  const written = await writeBusiness(dir, business, { seed, onProgress })
  return { ...written, markets: marketsOf(business) }
}
