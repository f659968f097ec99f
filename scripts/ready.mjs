// What npm start and npm test do first on a fresh clone: install and build whatever is missing or older than its source.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const at = (path) => `${root}${path}`
const time = (path) => (existsSync(at(path)) ? statSync(at(path)).mtimeMs : 0)

function newest(folder) {
  let latest = 0
  for (const entry of readdirSync(at(folder), { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) latest = Math.max(latest, statSync(`${entry.parentPath ?? entry.path}/${entry.name}`).mtimeMs)
  }
  return latest
}

/** Ends this process with the status of the command when that fails. */
export function run(command, args, { quiet = false } = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: quiet ? ['ignore', 2, 2] : 'inherit' })
  if (error !== undefined) {
    console.error(`${command}: ${error.message}`)
    process.exit(1)
  }
  if (status !== 0) process.exit(status ?? 1)
}

export function install() {
  if (time('node_modules/.package-lock.json') >= time('package-lock.json') && existsSync(at('node_modules'))) return
  console.error('installing dependencies (once) ...')
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], { quiet: true })
}

export function build() {
  const built = time('dist/cli/main.js')
  if (built >= Math.max(newest('src'), newest('scripts'), time('tsconfig.build.json'), time('package.json'))) return
  console.error('building (once per change) ...')
  run(process.execPath, ['scripts/build.mjs'], { quiet: true })
}
