/**
 * `npm test [-- vitest arguments]`: installs and builds what is missing, then runs every test. With
 * TOLLGATE_TEST_REPORT=<file> vitest's JSON report is written there too.
 */
import { spawnSync } from 'node:child_process'
import { build, install, requireNode, root } from './prepare.mjs'

requireNode()
install({ dev: true })
build()
const report = process.env.TOLLGATE_TEST_REPORT
const reporters = report
  ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  : []
const { status, signal } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
)
if (signal) console.error(`tests ended by ${signal}`)
process.exitCode = status ?? 1
