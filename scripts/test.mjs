// npm test: install and build what is missing, then run every test. Arguments go to vitest.
import { spawnSync } from 'node:child_process'
import { build, install, root } from './ready.mjs'

install()
build()
const args = [`${root}node_modules/vitest/vitest.mjs`, 'run', ...process.argv.slice(2)]
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)
