/**
 * `npm run fuzz -- [--runs N] [--seed S] [--only FILE]`: N times as many cases as the suite tries, from another seed. A failure
 * prints the case, smallest first found; the same seed finds it again.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { build, install, requireNode, root } from './prepare.mjs'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string', default: '' },
  },
})
const whole = (name) => {
  if (/^\d{1,10}$/.test(values[name])) return values[name]
  console.error(`fuzz: --${name} ${values[name]} is no whole number`)
  process.exit(2)
}
const env = { TOLLGATE_FUZZ_RUNS: whole('runs'), TOLLGATE_FUZZ_SEED: whole('seed') }
requireNode()
install({ dev: true })
build()
console.error(`fuzz: ${values.runs} times the cases of the suite, seed ${values.seed}`)
const { status } = spawnSync(
  process.execPath,
  // a long run is no hang: each case has a limit of its own
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    `test/fuzz/${values.only}`,
    'src/policy/fuzz',
    '--testTimeout=0',
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } },
)
process.exitCode = status ?? 1
