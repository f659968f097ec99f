/**
 * What `npm start`, `npm test` and `npm run build` do before anything else: dependencies that are missing are
 * installed, and `dist` is built when the sources are not those it was built from. Uses nothing but Node itself,
 * for it runs before there is anything to import.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
/** written by the build when it is complete: the hash of the sources it was made from */
export const STAMP = join(root, 'dist', '.sources')

/**
 * Runs a command in the project's root; ends this process with its status when it fails. With `why` it is work on the
 * side: announced, and what it prints goes to standard error.
 */
export function run(command, args, why) {
  if (why) console.error(`tollgate: ${why}`)
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', why ? 2 : 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status === 0) return
  const how = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`)
  console.error(`tollgate: "${[command, ...args].join(' ')}" failed: ${how}`)
  process.exit(status || 1)
}

export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`tollgate: needs Node 20.19 or newer, this is ${process.version}`)
  process.exit(2)
}

/**
 * The packages that are installed are those of the lock file. By content and not by file times, which a copy or a
 * checkout changes.
 */
function installed({ dev }) {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const file = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(file)) return false
  const got = JSON.parse(readFileSync(file, 'utf8')).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link) return true
    const missable = entry.optional || entry.devOptional || entry.peer || (entry.dev && !dev)
    return got[path] ? got[path].version === entry.version : missable
  })
}

/** @param dev build and test tools are needed too */
export function install({ dev }) {
  if (!installed({ dev })) {
    run('npm', ['ci', '--no-audit', '--no-fund'], 'installing dependencies (once)')
  }
}

/** What the console's pages are made of, tests left out. */
const isPage = (name) => !/\.test\.tsx?$/.test(name)

function* files(folder, wanted) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      if (entry.name !== 'generated') yield* files(path, wanted)
    } else if (wanted(entry.name)) yield path
  }
}

/** Hash of everything that `dist` is made of. */
export function sourcesHash() {
  const hash = createHash('sha256')
  const paths = [
    ...files('src', (name) => name.endsWith('.ts') && !name.endsWith('.test.ts')),
    ...files('console', isPage),
    ...files('scripts', (name) => /^(build.*|prepare)\.mjs$/.test(name)),
    ...files('scripts/tables', () => true),
    ...['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'package.json'],
  ]
  for (const path of paths.sort()) hash.update(`${path}\0`).update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

export const isBuilt = () =>
  existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === sourcesHash()

export function build() {
  if (!isBuilt())
    run(process.execPath, ['scripts/build.mjs'], 'building (the sources have changed)')
}
