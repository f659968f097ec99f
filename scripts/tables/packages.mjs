import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)

/**
 * Folder of an installed package, whether or not it exports its files.
 * @param {string} name
 */
export function packageFolder(name) {
  for (const folder of require.resolve.paths(name) ?? []) {
    if (existsSync(join(folder, name, 'package.json'))) return join(folder, name)
  }
  throw new Error(
    `package ${name} is not installed; run npm install (with development dependencies)`,
  )
}

/** @param {string} name @returns {string} version installed */
export function packageVersion(name) {
  return JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8')).version
}
