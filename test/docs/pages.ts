import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

/** A sample in a page: what stands between fences. */
export interface Sample {
  page: string
  /** of its first line */
  line: number
  language: string
  text: string
}

export interface Page {
  /** from the root, such as `docs/api.md` */
  path: string
  text: string
}

const page = (path: string): Page => ({ path, text: readFileSync(join(ROOT, path), 'utf8') })

/** Everything that a user reads, decisions included. */
export const PAGES: readonly Page[] = [
  'README.md',
  'SECURITY.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .sort(),
].map(page)

/** What says how to use it: decisions and benchmarks tell of the past. */
export const GUIDES: readonly Page[] = PAGES.filter(
  ({ path }) => !/docs\/(decisions\/|benchmark|performance|chaos|dependencies)/.test(path),
)

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm

export const samplesOf = ({ path, text }: Page): Sample[] =>
  [...text.matchAll(FENCE)].map((found) => {
    const [, language = '', sample = ''] = found
    const line = text.slice(0, found.index).split('\n').length + 1
    return { page: path, line, language, text: sample }
  })

/** Without samples. */
export const proseOf = ({ text }: Page): string => text.replace(FENCE, '')
