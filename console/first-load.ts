import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Bytes over the wire until the overview is there whole, gzipped. A larger build fails. */
export const FIRST_LOAD_BYTES = 400_000
const FIRST_PAGE = '/pages/overview/page.tsx'

type Bundle = Parameters<Extract<Plugin['writeBundle'], (...args: never[]) => unknown>>[1]

/** Everything that the first page loads: the entry, the page, what they import and what the page loads by itself. */
export function firstLoad(bundle: Bundle): { bytes: number; files: string[] } {
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    const part = bundle[name]
    if (part === undefined) return
    found.add(name)
    if (part.type !== 'chunk') return
    for (const css of part.viteMetadata?.importedCss ?? []) found.add(css)
    for (const one of part.imports) visit(one)
  }
  for (const part of Object.values(bundle)) {
    if (part.type !== 'chunk') continue
    const page = part.facadeModuleId?.endsWith(FIRST_PAGE) ?? false
    if (part.isEntry || page) visit(part.fileName)
    if (page) for (const one of part.dynamicImports) visit(one)
  }
  const size = (name: string): number => {
    const part = bundle[name]
    if (part === undefined) return 0
    return gzipSync(part.type === 'chunk' ? part.code : part.source, { level: 9 }).length
  }
  return { bytes: [...found].reduce((sum, name) => sum + size(name), 0), files: [...found] }
}

export const firstLoadBudget = (): Plugin => ({
  name: 'first-load',
  apply: 'build',
  writeBundle(_options, bundle) {
    const { bytes, files } = firstLoad(bundle)
    const told = `console: first load ${Math.round(bytes / 1000)} kB gzipped in ${files.length} files (limit ${FIRST_LOAD_BYTES / 1000})`
    if (bytes > FIRST_LOAD_BYTES) this.error(told)
    console.log(told)
  },
})
