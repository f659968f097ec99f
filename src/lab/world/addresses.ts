import { formatV4 } from '../../network/address.js'
import { HOSTING_NETWORKS } from '../../network/hosting-networks.js'
import { createRandom, type Random } from '../random.js'
import { CARRIERS, NOT_SUBSCRIBERS, UNLISTED } from './carriers.js'
import { type NetworkRanges, type Networks, readNetworks } from './networks.js'
import { once, oncePer } from './once-per.js'
import { draw, totals } from './subscribers.js'
import type { World } from './world.js'

/** Stands for any country. */
const ANYWHERE = '*'

type Draw = (random: Random) => string

/** Draws addresses from the networks that announce them, read once and by country when asked for. */
export function createAddresses(): World['address'] {
  const networks = once(readNetworks)
  const servers = once(() => anyOf(hosting(networks()), 0.5))
  const carriers = oncePer((country: string) => carriersOf(country, networks()))
  const phones = oncePer((country: string): Draw => {
    const { mobile, shared } = carriers(country)
    return byRank(mobile.map((network) => sharedAddresses(country, network, shared)))
  })
  const homes = oncePer((country: string): Draw => {
    if (country === ANYWHERE) return anywhere(networks().sizes(), homes)
    return byRank(carriers(country).fixed.map((network) => anyOf([network])))
  })
  const phonesOf = oncePer(
    (country: string): Draw =>
      country === ANYWHERE ? anywhere(networks().sizes(), phones) : phones(country),
  )
  return (country, access, random) => {
    if (access === 'hosting') return servers()(random)
    // People at home and the strangers whose lines proxies rent are on the same networks.
    return (access === 'mobile' ? phonesOf(country) : homes(country))(random)
  }
}

function carriersOf(country: string, networks: Networks) {
  const all = networks.of(country)
  const listed = CARRIERS[country]
  if (listed !== undefined) {
    const named = (asns: readonly number[]): NetworkRanges[] =>
      asns.flatMap((asn) => all.find((network) => network.asn === asn) ?? [])
    return { mobile: named(listed.mobile), fixed: named(listed.fixed), shared: listed.shared }
  }
  const rented = new Set(HOSTING_NETWORKS.map(({ asn }) => asn))
  const people = all.filter(({ asn, name }) => !rented.has(asn) && !NOT_SUBSCRIBERS.test(name))
  const some = people.length > 0 ? people : all
  if (some.length === 0) throw new RangeError(`no network announces addresses of ${country}`)
  const { mobile, fixed, shared } = UNLISTED
  return { mobile: some.slice(0, mobile), fixed: some.slice(0, fixed), shared }
}

const hosting = (networks: Networks): NetworkRanges[] =>
  networks.everywhere(new Set(HOSTING_NETWORKS.map(({ asn }) => asn)))

/** Any address of the networks, which count by their size to a power. */
function anyOf(networks: readonly NetworkRanges[], power = 1): Draw {
  const sums = totals(networks.map(({ size }) => size ** power))
  const within = networks.map(({ ranges }) => totals(ranges.map(({ length }) => length)))
  return (random) => {
    const i = draw(sums, random)
    const range = networks[i]?.ranges[draw(within[i] ?? sums, random)]
    if (range === undefined) throw new RangeError('a network without addresses')
    return formatV4(range.start + random.below(range.length))
  }
}

/** Customers by the rank of their carrier (Zipf), as its numbers are. */
function byRank(draws: readonly Draw[]): Draw {
  const sums = totals(draws.map((_, rank) => 1 / (rank + 1)))
  return (random) => {
    const one = draws[draw(sums, random)]
    if (one === undefined) throw new RangeError('a country without carriers')
    return one(random)
  }
}

/** The few addresses that a carrier's people come out of: the same ones in every scenario. */
function sharedAddresses(country: string, network: NetworkRanges, count: number): Draw {
  const places = createRandom(network.asn * 31 + country.charCodeAt(0) * 7 + country.charCodeAt(1))
  const any = anyOf([network])
  const pool = Array.from({ length: count }, () => any(places))
  return (random) => random.pick(pool)
}

/** People all over the world, in proportion to the square root of a country's addresses. */
function anywhere(sizes: ReadonlyMap<string, number>, of: (country: string) => Draw): Draw {
  const countries = [...sizes.keys()]
  const sums = totals([...sizes.values()].map(Math.sqrt))
  return (random) => of(countries[draw(sums, random)] ?? '')(random)
}
