import type { NumberFacts } from '../../engine/facts.js'
import { hash64 } from '../../engine/hash.js'
import { createNetwork, type NetworkOptions } from '../../network/source.js'
import { createPhone } from '../../phone/parse.js'
import type { FactSources } from '../../verify/core.js'
import type { RecordedRow } from './recorded-row.js'

/**
 * The leaf modules over records: country, operator, block, network and price are what they were when the request was made.
 * What a record does not keep (line type, sub-block, calling code, hosting) is looked up; for a hashed number in its block.
 * One row is asked about at a time.
 */
export function createRowSources(network?: NetworkOptions) {
  const phone = createPhone()
  const { sourceFacts } = createNetwork(network)
  let row: RecordedRow | null = null
  const current = (): RecordedRow => {
    if (row === null) throw new Error('facts are asked for before a row was given')
    return row
  }

  function numberFacts(): NumberFacts {
    const { number, problem, country, operator, block, type, allocated } = current()
    const looked = phone.parse(number.startsWith('+') ? number : inBlock(block, number, 4))
    const e164 = number.startsWith('+') || number === '' ? number : inBlock(block, number, 8)
    return {
      ...looked,
      e164,
      problem,
      country,
      operatorRange: operator,
      block,
      subBlock: looked.subBlock.startsWith(block)
        ? looked.subBlock
        : e164.slice(0, block.length + 1),
      ...(type !== null && { type }),
      allocated,
    }
  }

  const sources: FactSources = {
    parseNumber: numberFacts,
    sourceFacts(ip) {
      const facts = sourceFacts(ip)
      const { asn, subnet } = current()
      return facts.asn === asn && facts.subnetKey === subnet
        ? facts
        : { ...facts, asn, subnetKey: subnet }
    },
    priceOf: () => current().priceMicroUsd,
    numberKey: () => current().number,
  }
  return {
    sources,
    use(next: RecordedRow): void {
      row = next
    },
    current,
  }
}

/** A number of the block that stands for a hashed one: the same each time, and hardly ever the same for two. */
function inBlock(block: string, hash: string, digits: number): string {
  const { high, low } = hash64(hash, 1)
  return block + `${low}${high}`.padStart(digits, '0').slice(-digits)
}
