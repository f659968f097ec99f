import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Reader } from 'maxmind'
import { packageFolder } from './packages.mjs'
import { addUpperHalves, arraysOf, Starts } from './starts.mjs'

/** Countries by address: the networks of the .mmdb files one after the other, from the first address to the last. */
export function buildCountryTable() {
  const folder = packageFolder('@ip-location-db/geo-whois-asn-country-mmdb')
  const countries = ['']
  const ids = new Map()
  const id = (record) => {
    const code = record?.country_code ?? ''
    if (code === '') return 0
    if (!/^[A-Z]{2}$/.test(code))
      throw new Error(`country "${code}": the format of the database changed`)
    if (!ids.has(code)) ids.set(code, countries.push(code) - 1)
    return ids.get(code)
  }
  const v4 = new Starts(0)
  const v4File = join(folder, 'geo-whois-asn-country-ipv4.mmdb')
  for (const [start, size, record] of networks(v4File, 32n, formatV4)) {
    v4.add(Number(start), Number(start + size) - 1, id(record))
  }
  const v6 = new Starts(0n)
  const v6File = join(folder, 'geo-whois-asn-country-ipv6.mmdb')
  for (const [start, size, record] of networks(v6File, 128n, formatV6)) {
    addUpperHalves(v6, start, start + size - 1n, id(record))
  }
  return { tables: arraysOf(v4, v6, (value) => value), facts: { countries } }
}

/** @returns {Generator<[start: bigint, size: bigint, record: object | null]>} */
function* networks(file, bits, format) {
  const reader = new Reader(readFileSync(file), { cache: new Map() })
  for (let at = 0n; at < 1n << bits; ) {
    const [record, length] = reader.getWithPrefixLength(format(at))
    const size = 1n << (bits - BigInt(length))
    if (length > bits || at % size !== 0n) {
      throw new Error(`${file}: prefix length ${length} at ${format(at)} is impossible`)
    }
    yield [at, size, record]
    at += size
  }
}

function formatV4(address) {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.')
}

function formatV6(address) {
  const hex = address.toString(16).padStart(32, '0')
  return hex.match(/.{4}/g).join(':')
}
