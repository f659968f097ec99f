// npm run build: data tables, TypeScript, and the tables beside the compiled code.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

run('scripts/build-data.mjs')
rmSync(`${root}/dist`, { recursive: true, force: true })
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
for (const part of ['phone', 'network']) {
  if (existsSync(`${root}/src/${part}/generated`)) {
    cpSync(`${root}/src/${part}/generated`, `${root}/dist/${part}/generated`, { recursive: true })
  }
}
chmodSync(`${root}/dist/cli/main.js`, 0o755)
