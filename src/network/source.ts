import type { SourceFacts } from '../engine/facts.js'
import { Recent } from '../tables/recent.js'
import { type Address, formatAddress, readAddress } from './address.js'
import { readCidr } from './cidr.js'
import { type AsnLookup, type CountryLookup, loadAsnTable, loadCountryTable } from './databases.js'
import { HOSTING_NETWORKS } from './hosting-networks.js'
import { ipKeyOf, subnetKeyOf } from './ip-key.js'
import { openAsnDatabase, openCountryDatabase } from './mmdb.js'

/**
 * To be shown wherever results of the installed databases are shown: their licences (CC-BY-4.0 of RouteViews and DB-IP)
 * ask for it, with a link to DB-IP on pages.
 */
export const ATTRIBUTION = Object.freeze({
  text: 'Networks of addresses: RouteViews (routeviews.org) and IP Geolocation by DB-IP (db-ip.com), CC BY 4.0, modified by ip-location-db. Countries: NRO, CC0.',
  links: Object.freeze(['https://db-ip.com', 'https://www.routeviews.org']),
})

/** About 15 MB; the clients of some minutes at a few hundred requests a second. */
const ADDRESSES_REMEMBERED = 50_000

/**
 * Private, loopback, link-local and carrier-internal blocks, which belong to everybody: the installed database puts
 * 192.168.0.0/16 in Australia.
 */
const PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::/127',
  'fc00::/7',
  'fe80::/10',
].flatMap((block) => readCidr(block) ?? [])

const NOWHERE: SourceFacts = Object.freeze({
  ip: null,
  ipKey: null,
  subnetKey: null,
  asn: null,
  asnName: null,
  country: null,
  hosting: false,
})

export interface NetworkOptions {
  /** .mmdb file of autonomous systems instead of the installed database */
  asnDatabase?: string
  /** .mmdb file of countries instead of the installed database */
  countryDatabase?: string
  /** AS numbers to take for hosting besides the reviewed list */
  hosting?: readonly number[]
  /** AS numbers not to take for hosting, though they are on it */
  notHosting?: readonly number[]
  /** addresses remembered @default 50000 */
  remember?: number
}

export interface Network {
  /**
   * The facts of an address. `null` and text that is no address have no keys at all: they must not share a line.
   * The object may be shared between calls: do not change it.
   */
  sourceFacts(ip: string | null): SourceFacts
}

/**
 * The installed databases are opened at the first address (20 ms, 15 MB); files given here at once, so that a wrong path
 * shows at start.
 *
 * @throws when a given file is no database
 */
export function createNetwork(options: NetworkOptions = {}): Network {
  const { asnDatabase, countryDatabase, remember = ADDRESSES_REMEMBERED } = options
  const hosting = new Set([...HOSTING_NETWORKS.map(({ asn }) => asn), ...(options.hosting ?? [])])
  for (const asn of options.notHosting ?? []) hosting.delete(asn)
  let systems = asnDatabase === undefined ? undefined : openAsnDatabase(asnDatabase)
  let countries = countryDatabase === undefined ? undefined : openCountryDatabase(countryDatabase)
  const seen = new Recent<SourceFacts>(remember)
  return {
    sourceFacts(ip) {
      if (ip === null) return NOWHERE
      const remembered = seen.get(ip)
      if (remembered) return remembered
      const address = readAddress(ip)
      if (address === null) return NOWHERE
      systems ??= loadAsnTable()
      countries ??= loadCountryTable()
      const facts = Object.freeze(factsOf(address, systems, countries, hosting))
      seen.set(ip, facts)
      return facts
    },
  }
}

let shared: Network | undefined

/** {@link Network.sourceFacts} of a network made with the default options, on first use. */
export function sourceFacts(ip: string | null): SourceFacts {
  shared ??= createNetwork()
  return shared.sourceFacts(ip)
}

function factsOf(
  address: Address,
  systems: AsnLookup,
  countries: CountryLookup,
  hosting: ReadonlySet<number>,
): SourceFacts {
  const ip = formatAddress(address)
  const isPrivate = PRIVATE.some((block) => block.contains(address))
  const system = isPrivate ? null : systems(address, ip)
  return {
    ip,
    ipKey: ipKeyOf(address, ip),
    subnetKey: subnetKeyOf(address),
    asn: system?.asn ?? null,
    asnName: system?.name || null,
    country: isPrivate ? null : countries(address, ip),
    hosting: system !== null && hosting.has(system.asn),
  }
}
