/**
 * `npm run sbom [-- --out <file>]`: what a release is made of, as CycloneDX 1.5, out of the lock file: no network, no
 * node_modules. Dependencies of development are left out, optional ones are in and marked.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './prepare.mjs'

const out = process.argv.indexOf('--out')
const { status, stdout, stderr } = spawnSync(
  'npm',
  ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'],
  { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, shell: process.platform === 'win32' },
)
if (status !== 0) {
  console.error(`npm sbom failed (npm 9.5 or newer is needed):\n${stderr}`)
  process.exit(status || 1)
}
const sbom = JSON.parse(stdout)
// `npm sbom --omit dev` also leaves out what both a release and development need, such as yaml: the lock
// file says which is which
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
const released = new Set(
  Object.entries(lock.packages)
    .filter(([path, { dev, link }]) => path !== '' && !dev && !link)
    .map(
      ([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`,
    ),
)
const ref = sbom.metadata.component['bom-ref']
const kept = new Set([ref])
sbom.components = sbom.components.filter((component) => {
  const name = component.group ? `${component.group}/${component.name}` : component.name
  if (!released.has(`${name}@${component.version}`)) return false
  kept.add(component['bom-ref'])
  return true
})
sbom.dependencies = sbom.dependencies
  .filter((dependency) => kept.has(dependency.ref))
  .map(({ ref: of, dependsOn = [] }) => ({
    ref: of,
    dependsOn: dependsOn.filter((one) => kept.has(one)),
  }))
// npm names it after the folder it lies in
sbom.metadata.component.name = 'tollgate'
const text = `${JSON.stringify(sbom, null, 2)}\n`
if (out < 0) process.stdout.write(text)
else writeFileSync(process.argv[out + 1], text)
