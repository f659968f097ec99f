import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'

export const ROOT = resolve(import.meta.dirname, '../..')
export const fileOf = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8')
/** A YAML file of the deployment, anchors and merges resolved. */
export const yamlOf = <T>(...path: string[]): T => parse(fileOf(...path), { merge: true }) as T

export interface Tool {
  /** tests of it are left out here: it is not installed, and nobody insists */
  skipped: boolean
  /** for the name of a group of tests */
  why: string
  run(args: readonly string[]): string
}

/**
 * A program of the machine. Where it is missing its tests are left out; in CI they fail instead, if CI installs it.
 * @param insisted CI has to have it
 */
export function tool(name: string, insisted: boolean): Tool {
  const there = spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
  const skipped = !there && !(insisted && process.env.CI === 'true')
  return {
    skipped,
    why: skipped ? ` (skipped: no ${name} on this machine)` : '',
    run(args) {
      if (!there) throw new Error(`CI has no ${name}: .ci/run installs it`)
      return execFileSync(name, [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    },
  }
}
