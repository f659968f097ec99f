/**
 * `npm run audit:dependencies [-- --strict]`: known holes in what a release is made of, and what can be told of it
 * without anybody: that the lock file pins every package by its hash, from the registry, and that nobody runs a script
 * at installation whom we have not looked at. Ends with 1 when something is wrong; with 2 under --strict when the
 * registry does not answer questions about holes. Without --strict that is said, and is no failure.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './prepare.mjs'

/** Packages that run a script when they are installed, and what it does. */
const SCRIPTS = {
  'better-sqlite3': 'fetches or compiles the native module',
  protobufjs: 'prints a note about versions',
  fsevents: 'compiles on macOS, for tools of development',
  esbuild: 'checks its binary, for tools of development',
}

/** @param lock package-lock.json, parsed @returns sentences */
export function lockProblems(lock) {
  const problems = []
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.link) continue
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    if (!/^sha512-/.test(entry.integrity ?? ''))
      problems.push(`${path}: no SHA-512 in the lock file`)
    // without an address: from whichever registry is configured, and only with these bytes
    if (entry.resolved !== undefined && !/^https:\/\/registry\.npmjs\.org\//.test(entry.resolved))
      problems.push(`${path}: comes from ${entry.resolved}`)
    if (entry.hasInstallScript && !Object.hasOwn(SCRIPTS, name))
      problems.push(
        `${path}: runs a script at installation; look at it, then name it in scripts/audit.mjs`,
      )
  }
  return problems
}

/** @param report of `npm audit --json` @returns holes by severity, or why nobody could be asked */
export function readReport(report) {
  if (typeof report?.auditReportVersion !== 'number')
    return {
      asked: false,
      why: report?.message ?? report?.error?.summary ?? 'npm audit gave no report',
    }
  return {
    asked: true,
    holes: Object.values(report.vulnerabilities).map(
      ({ name, severity, range, fixAvailable }) =>
        `${severity}: ${name} ${range}${fixAvailable ? ' (npm audit fix)' : ''}`,
    ),
  }
}

function main() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const problems = lockProblems(lock)
  console.log(
    `lock file: ${Object.keys(lock.packages).length - 1} packages, ${problems.length} problems`,
  )
  const { stdout } = spawnSync('npm', ['audit', '--json', '--omit', 'dev'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  })
  let report = null
  try {
    report = JSON.parse(stdout)
  } catch {
    // an npm that could not even start: told below
    report = null
  }
  const answer = readReport(report)
  if (answer.asked) {
    console.log(`known holes: ${answer.holes.length}`)
    problems.push(...answer.holes)
  } else
    console.log(
      `known holes: NOT CHECKED, the registry does not say: ${answer.why}. Run it where it does before a release.`,
    )
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exit(1)
  if (!answer.asked && process.argv.includes('--strict')) process.exit(2)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
