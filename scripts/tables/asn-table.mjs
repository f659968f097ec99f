import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from './packages.mjs'

/**
 * Networks by address, from the CSV files `start,end,asn,name` with numeric addresses.
 *
 * Addresses become one sorted array of starts; a gap between two ranges is a start of its own with network 0 ("none"),
 * so that a look-up is one binary search. IPv6 is kept by /64: a /64 belongs to the range that holds its first address
 * (of 103,197 ranges 103 begin inside a /64, and the gateway never looks closer than /64).
 */
export function buildAsnTable() {
  const folder = packageFolder('@ip-location-db/asn')
  const names = new Map([[0, '']])
  const v4 = new Starts()
  for (const [start, end, asn, name] of rows(join(folder, 'asn-ipv4-num.csv'))) {
    if (!names.has(asn)) names.set(asn, name)
    v4.add(Number(start), Number(end), asn)
  }
  v4.close(2 ** 32)
  const v6 = new Starts()
  const low64 = (1n << 64n) - 1n
  for (const [start, end, asn, name] of rows(join(folder, 'asn-ipv6-num.csv'))) {
    if (!names.has(asn)) names.set(asn, name)
    const from = (BigInt(start) + low64) >> 64n
    const to = ((BigInt(end) + 1n) >> 64n) - 1n
    if (from <= to) v6.add(from, to, asn)
  }
  v6.close(1n << 64n)
  const asns = [...names.keys()].sort((a, b) => a - b)
  const at = new Map(asns.map((asn, i) => [asn, i]))
  const text = asns.map((asn) => Buffer.from(names.get(asn), 'utf8'))
  const ends = []
  for (const bytes of text) ends.push((ends.at(-1) ?? 0) + bytes.length)
  return {
    v4Starts: Uint32Array.from(v4.starts),
    v4Networks: Uint32Array.from(v4.asns, (asn) => at.get(asn)),
    v6High: Uint32Array.from(v6.starts, (start) => Number(start >> 32n)),
    v6Low: Uint32Array.from(v6.starts, (start) => Number(start & 0xffffffffn)),
    v6Networks: Uint32Array.from(v6.asns, (asn) => at.get(asn)),
    asns: Uint32Array.from(asns),
    nameEnds: Uint32Array.from(ends),
    names: new Uint8Array(Buffer.concat(text)),
  }
}

/**
 * Sorted starts; equal neighbours joined, gaps named 0. Where two ranges overlap (one pair does) the later one begins at
 * its own start. Works on numbers and on bigints.
 */
class Starts {
  starts = []
  asns = []
  #next

  add(from, to, asn) {
    const [zero, one] = typeof from === 'bigint' ? [0n, 1n] : [0, 1]
    if (this.#next === undefined) {
      if (from > zero) this.#push(zero, 0)
    } else if (from <= this.starts.at(-1) || to < this.#next - one) {
      throw new Error(
        `ranges nested or unsorted at ${from}: the format of @ip-location-db/asn changed`,
      )
    } else if (from > this.#next) this.#push(this.#next, 0)
    this.#push(from, asn)
    this.#next = to + one
  }

  /** What follows the last range is nobody's. */
  close(limit) {
    if (this.#next < limit) this.#push(this.#next, 0)
  }

  #push(start, asn) {
    if (this.asns.at(-1) === asn) return
    this.starts.push(start)
    this.asns.push(asn)
  }
}

/** @returns {Generator<[start: string, end: string, asn: number, name: string]>} */
function* rows(file) {
  const text = readFileSync(file, 'utf8')
  for (let at = 0, line = 1; at < text.length; line++) {
    let end = text.indexOf('\n', at)
    if (end < 0) end = text.length
    const a = text.indexOf(',', at)
    const b = text.indexOf(',', a + 1)
    const c = text.indexOf(',', b + 1)
    const asn = Number(text.slice(b + 1, c))
    if (a < 0 || c < 0 || c > end || !Number.isInteger(asn)) {
      throw new Error(`${file}:${line}: expected start,end,asn,name`)
    }
    const name = text.slice(c + 1, end).trim()
    yield [
      text.slice(at, a),
      text.slice(a + 1, b),
      asn,
      name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name,
    ]
    at = end + 1
  }
}
