/**
 * `npm run demo [-- options]`: installs and builds what is missing, then is `tollgate demo`. In this process, so that
 * signals reach the server itself.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, install, isBuilt, requireNode, root } from './prepare.mjs'

requireNode()
install({ dev: !isBuilt() })
build()
const main = join(root, 'dist', 'cli', 'main.js')
process.argv = [process.execPath, main, 'demo', ...process.argv.slice(2)]
await import(pathToFileURL(main).href)
