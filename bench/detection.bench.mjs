// npm run bench -- detection [--json]: every scenario against every contender, one seed; all flags of `tollgate bench detection`.
import { spawnSync } from 'node:child_process'

const { status, signal } = spawnSync(
  process.execPath,
  ['dist/cli/main.js', 'bench', 'detection', '--quick', ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
if (signal !== null) console.error(`the bench was ended by ${signal}`)
process.exit(status ?? 1)
