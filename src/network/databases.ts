import { readTables } from '../tables/read.js'
import type { Address } from './address.js'
import { readRangeTable } from './range-table.js'

/** An autonomous system: a network with one routing policy, such as one provider's. */
export interface AutonomousSystem {
  asn: number
  name: string
}

/** Gives the autonomous system that announces an address, or `null`. @param text the address in canonical text */
export type AsnLookup = (address: Address, text: string) => AutonomousSystem | null

/** Gives the country of an address, ISO 3166 alpha-2, or `null`. @param text the address in canonical text */
export type CountryLookup = (address: Address, text: string) => string | null

const FOLDER = new URL('./generated/', import.meta.url)

/**
 * Autonomous systems by the installed database: 0.5 million ranges, 9 MB.
 * @throws when the table was not built
 */
export function loadAsnTable(): AsnLookup {
  const tables = readTables(FOLDER, 'asn')
  const find = readRangeTable(tables)
  const asns = tables.u32('asns')
  const nameEnds = tables.u32('nameEnds')
  const names = Buffer.from(tables.u8('names').buffer)
  const known: (AutonomousSystem | undefined)[] = new Array(asns.length)
  return (address) => {
    const index = find(address)
    if (index === 0) return null
    let system = known[index]
    if (system === undefined) {
      const name = names.toString('utf8', nameEnds[index - 1], nameEnds[index])
      system = { asn: asns[index] ?? 0, name }
      known[index] = system
    }
    return system
  }
}

/**
 * Countries by the installed database: 0.6 million ranges, 6 MB.
 * @throws when the table was not built
 */
export function loadCountryTable(): CountryLookup {
  const tables = readTables<{ countries: string[] }>(FOLDER, 'country')
  const find = readRangeTable(tables)
  const { countries } = tables.facts
  return (address) => countries[find(address)] || null
}
