import { readTables } from '../../tables/read.js'

/** Addresses from `start` (v4 as a number), `length` of them. */
export interface AddressRange {
  start: number
  length: number
}

/** A network's v4 addresses in a country. */
export interface NetworkRanges {
  asn: number
  name: string
  ranges: AddressRange[]
  /** addresses in all */
  size: number
}

export interface Networks {
  /** countries with addresses, and how many */
  sizes(): ReadonlyMap<string, number>
  /** networks of a country, most addresses first */
  of(country: string): NetworkRanges[]
  /** networks of these AS numbers wherever they are, most addresses first */
  everywhere(asns: ReadonlySet<number>): NetworkRanges[]
}

const END = 2 ** 32
/** Shorter ranges are of routers and anycast rather than of subscribers. */
const SHORTEST = 256

/** The installed databases read the other way round: which addresses a country's networks have. About 50 ms. */
export function readNetworks(): Networks {
  const folder = new URL('../../network/generated/', import.meta.url)
  const systems = readTables(folder, 'asn')
  const places = readTables<{ countries: string[] }>(folder, 'country')
  const asns = systems.u32('asns')
  const nameEnds = systems.u32('nameEnds')
  const names = Buffer.from(systems.u8('names').buffer)
  const { countries } = places.facts

  const systemStarts = systems.u32('v4Starts')
  const systemValues = systems.u32('v4Values')
  const placeStarts = places.u32('v4Starts')
  const placeValues = places.u32('v4Values')
  // Where a range of one table crosses one of the other; four numbers each, so that half a million stay small.
  const crossings = new Uint32Array(4 * (systemStarts.length + placeStarts.length))
  const inPlace: number[][] = countries.map(() => [])
  let used = 0
  for (let at = 0, i = 0, j = 0; at < END; ) {
    const end = Math.min(systemStarts[i + 1] ?? END, placeStarts[j + 1] ?? END)
    const system = systemValues[i] ?? 0
    const place = placeValues[j] ?? 0
    if (system !== 0 && place !== 0 && end - at >= SHORTEST) {
      crossings.set([at, end - at, system, place], used)
      inPlace[place]?.push(used)
      used += 4
    }
    if (systemStarts[i + 1] === end) i++
    if (placeStarts[j + 1] === end) j++
    at = end
  }

  const sizeAt = (k: number): number => crossings[k + 1] ?? 0
  const systemAt = (k: number): number => crossings[k + 2] ?? 0

  function grouped(at: readonly number[]): NetworkRanges[] {
    const found = new Map<number, NetworkRanges>()
    for (const k of at) {
      const system = systemAt(k)
      const range = { start: crossings[k] ?? 0, length: sizeAt(k) }
      const network = found.get(system)
      if (network === undefined) {
        const name = names.toString('utf8', nameEnds[system - 1], nameEnds[system])
        found.set(system, { asn: asns[system] ?? 0, name, ranges: [range], size: range.length })
      } else {
        network.ranges.push(range)
        network.size += range.length
      }
    }
    return [...found.values()].sort((a, b) => b.size - a.size || a.asn - b.asn)
  }

  return {
    sizes: () =>
      new Map(
        countries.flatMap((country, place) => {
          const size = inPlace[place]?.reduce((sum, k) => sum + sizeAt(k), 0) ?? 0
          return size === 0 ? [] : [[country, size] as const]
        }),
      ),
    of: (country) => grouped(inPlace[countries.indexOf(country)] ?? []),
    everywhere: (wanted) =>
      grouped(inPlace.flat().filter((k) => wanted.has(asns[systemAt(k)] ?? 0))),
  }
}
