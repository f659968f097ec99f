/**
 * `npm run build`: look-up tables, the compiler, the console's pages, all into `dist`. The new `dist` takes the place of the
 * old one in one step, so that what runs from it never meets half a build.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { install, requireNode, root, run, STAMP, sourcesHash } from './prepare.mjs'

requireNode()
install({ dev: true })
const hash = sourcesHash()
run(process.execPath, ['scripts/build-data.mjs'])

const dist = join(root, 'dist')
const cache = join(root, 'node_modules', '.cache')
const fresh = join(cache, `dist-new-${process.pid}`)
const old = join(cache, `dist-old-${process.pid}`)
mkdirSync(cache, { recursive: true })
rmSync(fresh, { recursive: true, force: true })
run(process.execPath, [
  'node_modules/typescript/bin/tsc',
  ...['-p', 'tsconfig.build.json', '--outDir', fresh],
])
for (const part of readdirSync(join(root, 'src'), { withFileTypes: true })) {
  const generated = join(root, 'src', part.name, 'generated')
  if (part.isDirectory() && existsSync(generated)) {
    cpSync(generated, join(fresh, part.name, 'generated'), { recursive: true })
  }
}
run(process.execPath, [
  'node_modules/vite/bin/vite.js',
  ...['build', 'console', '--logLevel', 'warn', '--outDir', join(fresh, 'console')],
])
chmodSync(join(fresh, 'cli', 'main.js'), 0o755)
if (existsSync(dist)) renameSync(dist, old)
renameSync(fresh, dist)
rmSync(old, { recursive: true, force: true })
writeFileSync(STAMP, `${hash}\n`)
