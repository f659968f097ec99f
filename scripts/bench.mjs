// npm run bench -- <name> [--json]: prints machine, versions, values, and ratios against peers of the same run.
import { readdirSync } from 'node:fs'
import { build, install, root, run } from './prepare.mjs'

const benches = readdirSync(`${root}bench`)
  .filter((f) => f.endsWith('.bench.mjs'))
  .map((f) => f.replace('.bench.mjs', ''))
const [name, ...rest] = process.argv.slice(2)
if (name === undefined || !benches.includes(name)) {
  console.error(`usage: npm run bench -- ${benches.join('|')} [--json]`)
  process.exit(2)
}
install({ dev: true })
build()
run(process.execPath, ['--expose-gc', `bench/${name}.bench.mjs`, ...rest])
