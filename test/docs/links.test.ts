import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { PAGES, proseOf, ROOT } from './pages.js'

/** Links of a page to other places of the project, as paths from the root and the anchor behind them. */
const links = PAGES.flatMap((page) =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^(https?|mailto):/.test(link))
    .map((link) => {
      const [file = '', anchor] = link.split('#')
      const to = file === '' ? page.path : join(dirname(page.path), file)
      return { from: page.path, link, to, anchor }
    }),
)

/** As GitHub names a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')

const anchorsIn = (file: string): string[] =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    anchorOf(heading),
  )

test('every link leads somewhere', () => {
  expect(links.length).toBeGreaterThan(100)
  const broken = links.filter(
    ({ to, anchor }) =>
      !existsSync(join(ROOT, to)) || (anchor !== undefined && !anchorsIn(to).includes(anchor)),
  )
  expect(broken).toEqual([])
})

test('every page of docs is named in the README', () => {
  const named = links.filter(({ from }) => from === 'README.md').map(({ to }) => to)
  const pages = PAGES.map(({ path }) => path).filter((path) => /^docs\/[^/]+$/.test(path))
  expect(pages.filter((path) => !named.includes(path))).toEqual([])
})
