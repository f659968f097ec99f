import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from './packages.mjs'
import { addUpperHalves, arraysOf, Starts } from './starts.mjs'

/** Autonomous systems by address, from the CSV files `start,end,asn,name` with numeric addresses. */
export function buildAsnTable() {
  const folder = packageFolder('@ip-location-db/asn')
  const names = new Map([[0, '']])
  const v4 = new Starts(0)
  for (const [start, end, asn, name] of rows(join(folder, 'asn-ipv4-num.csv'))) {
    if (!names.has(asn)) names.set(asn, name)
    v4.add(Number(start), Number(end), asn)
  }
  v4.close(2 ** 32)
  const v6 = new Starts(0n)
  for (const [start, end, asn, name] of rows(join(folder, 'asn-ipv6-num.csv'))) {
    if (!names.has(asn)) names.set(asn, name)
    addUpperHalves(v6, BigInt(start), BigInt(end), asn)
  }
  v6.close(1n << 64n)
  const asns = [...names.keys()].sort((a, b) => a - b)
  const at = new Map(asns.map((asn, i) => [asn, i]))
  const text = asns.map((asn) => Buffer.from(names.get(asn), 'utf8'))
  const ends = []
  for (const bytes of text) ends.push((ends.at(-1) ?? 0) + bytes.length)
  return {
    tables: {
      ...arraysOf(v4, v6, (asn) => at.get(asn)),
      asns: Uint32Array.from(asns),
      nameEnds: Uint32Array.from(ends),
      names: new Uint8Array(Buffer.concat(text)),
    },
    facts: {},
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
