/**
 * `node deploy/production-files.mjs <to> [--without <package>,...]`: what a gateway needs to run, and nothing else, out of a
 * built checkout: `dist` and the packages that production reaches from package.json, as package-lock.json has them.
 * Uses nothing but Node itself; prints what it copied as JSON.
 */
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Charts and maps of the audit's report, Parquet: half of all bytes, and no gateway serves them. */
const FOR_REPORTS = ['@duckdb/node-api', 'echarts', 'topojson-client', 'world-atlas']
const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Sources, tests, types and what compiling left behind: nothing reads them at run time. */
const NOT_RUN =
  /\.(d\.[cm]?ts|[cm]?ts|map|md|markdown|o|a|tsbuildinfo)$|\.test\.[cm]?js$|(^|\/)(obj|obj\.target|\.deps)$|^\/(tests?|benchmarks?|examples?|docs?|\.github)$/
const COMPILED_FROM = ['deps', 'src']
const KEPT = /\/(package\.json|LICEN[CS]E[^/]*|NOTICE[^/]*)$/i

/** Folders of node_modules that production reaches, parents first. */
export function productionPackages({ packages }, without) {
  const reached = new Set()
  const missing = []
  const visit = (from, name, optional) => {
    if (without.includes(name)) return
    const path = resolve(packages, from, name)
    if (path === null) {
      if (!optional) missing.push(`${name} (of ${from || 'this package'})`)
      return
    }
    if (reached.has(path)) return
    reached.add(path)
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      packages[path]
    for (const inner of Object.keys(dependencies ?? {})) visit(path, inner, false)
    for (const inner of Object.keys(optionalDependencies ?? {})) visit(path, inner, true)
    for (const inner of Object.keys(peerDependencies ?? {}))
      if (!peerDependenciesMeta?.[inner]?.optional) visit(path, inner, true)
  }
  const { dependencies, optionalDependencies } = packages['']
  for (const name of Object.keys(dependencies)) visit('', name, false)
  for (const name of Object.keys(optionalDependencies)) visit('', name, true)
  if (missing.length > 0) throw new Error(`not in package-lock.json: ${missing.join(', ')}`)
  return [...reached].sort()
}

/**
 * Those that are there. Optional ones of others may be missing, for another platform; ours not: each is a store or a reader.
 * @throws Error that names what is missing: what npm could not compile it leaves out without a word
 */
export function installedPackages({ packages }, reached, isThere) {
  const ours = Object.keys(packages[''].optionalDependencies ?? {})
  const missing = reached.filter(
    (path) =>
      !isThere(path) &&
      (packages[path].optional !== true || ours.includes(path.slice('node_modules/'.length))),
  )
  if (missing.length > 0)
    throw new Error(
      `not installed: ${missing.map((path) => path.slice('node_modules/'.length)).join(', ')}; see what npm ci says of it`,
    )
  return reached.filter(isThere)
}

/** Whether a package is there, and compiled where it has to be: npm runs no scripts where it is told so, and says little of it. */
export const isInstalled = (folder) =>
  existsSync(join(folder, 'package.json')) &&
  (!existsSync(join(folder, 'binding.gyp')) || existsSync(join(folder, 'build', 'Release')))

/** Where Node would find `name` from the package at `from`; `null` when the lock file has it nowhere. */
function resolve(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`
    if (packages[path] !== undefined) return path
    if (at === '') return null
  }
}

function copyPackage(path, to) {
  const compiled = existsSync(join(ROOT, path, 'binding.gyp'))
  cpSync(join(ROOT, path), join(to, path), {
    recursive: true,
    filter(source) {
      const inside = source.slice(join(ROOT, path).length).split(sep).join('/')
      // nested packages are named for themselves
      if (inside.startsWith('/node_modules')) return false
      if (compiled && COMPILED_FROM.includes(inside.slice(1))) return false
      return !NOT_RUN.test(inside) || KEPT.test(inside)
    },
  })
}

function main([to, flag, list]) {
  if (to === undefined || (flag !== undefined && flag !== '--without'))
    throw new Error('usage: production-files.mjs <to> [--without <package>,...]')
  const without = flag === undefined ? FOR_REPORTS : (list ?? '').split(',').filter((p) => p !== '')
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  const packages = installedPackages(lock, productionPackages(lock, without), (path) =>
    isInstalled(join(ROOT, path)),
  )
  mkdirSync(to, { recursive: true })
  for (const file of ['package.json', 'LICENSE', 'NOTICE']) cpSync(join(ROOT, file), join(to, file))
  cpSync(join(ROOT, 'deploy', 'healthcheck.mjs'), join(to, 'healthcheck.mjs'))
  cpSync(join(ROOT, 'dist'), join(to, 'dist'), {
    recursive: true,
    filter: (source) => !/\.(d\.ts|map)$/.test(source) && basename(source) !== '.sources',
  })
  for (const path of packages) copyPackage(path, to)
  process.stdout.write(`${JSON.stringify({ packages, without })}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2))
