/**
 * `npm run test:chaos [-- --topology=<topology>[,..] --only=<fault>[,..]]`: breaks a running installation in every way that docs/chaos.md lists,
 * and prints what held. With TOLLGATE_CHAOS_KEEP=<folder> what was seen and what the gateways logged stays there.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, install, requireNode, root } from './prepare.mjs'

requireNode()
const args = process.argv.slice(2)
const TOPOLOGIES = ['embedded', 'cluster', 'sentinel', 'single']
const given = (flag) => args.find((arg) => arg.startsWith(flag))?.slice(flag.length) ?? ''
const only = given('--only=')
const topologies = given('--topology=')
  .split(',')
  .filter((name) => name !== '')
const wrong =
  args.find((arg) => !/^--(only|topology)=/.test(arg)) ??
  topologies.find((name) => !TOPOLOGIES.includes(name))
if (wrong !== undefined) {
  console.error(
    `usage: npm run test:chaos [-- --topology=<${TOPOLOGIES.join('|')}>[,..] --only=<fault>[,..]]; there is no ${wrong}`,
  )
  process.exit(2)
}
install({ dev: true })
// a command that was built elsewhere is played as it is
if (process.env.TOLLGATE_MAIN === undefined) build()

const folder = mkdtempSync(join(tmpdir(), 'tollgate-chaos-rows-'))
const rows = join(folder, 'rows.ndjson')
const table = join(folder, 'table.md')
writeFileSync(rows, '')
const { status, signal } = spawnSync(
  process.execPath,
  [
    ...['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/chaos/vitest.config.ts'],
    ...topologies.map((name) => `test/chaos/${name}.chaos.ts`),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      TOLLGATE_CHAOS_ONLY: only,
      TOLLGATE_CHAOS_OUT: rows,
      TOLLGATE_CHAOS_TABLE: table,
    },
  },
)
if (signal) console.error(`the chaos suite was ended by ${signal}`)
const played = existsSync(table)
if (played) console.log(`\n${readFileSync(table, 'utf8')}`)
else if (only !== '')
  console.error(`no fault was played: is there one called ${only}? See docs/chaos.md`)
rmSync(folder, { recursive: true, force: true })
process.exitCode = played ? (status ?? 1) : 1
