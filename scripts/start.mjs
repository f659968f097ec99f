// npm start: install and build what is missing, then serve with the embedded store.
import { spawn } from 'node:child_process'
import { build, install, root } from './ready.mjs'

install()
build()
const child = spawn(process.execPath, [`${root}dist/cli/main.js`, 'serve', ...process.argv.slice(2)], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)))
