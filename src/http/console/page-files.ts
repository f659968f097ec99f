import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the built console may be: beside this file in the package, or in `dist` when the sources run. */
const FOLDERS = ['../../console/', '../../../dist/console/']

export interface PageFiles {
  /** files with their hash in their name */
  assets: string
  /** the page with the nonce of a response in it */
  index: (nonce: string) => string
}

/** The console as it was built; `null` when it was not. */
export function findPages(
  folders = FOLDERS.map((folder) => fileURLToPath(new URL(folder, import.meta.url))),
): PageFiles | null {
  const folder = folders.find((one) => existsSync(join(one, 'assets')))
  if (folder === undefined) return null
  const file = join(folder, 'index.html')
  let html = readFileSync(file, 'utf8')
  return {
    assets: join(folder, 'assets'),
    index(nonce) {
      // a build under a running gateway takes the files away that the page before it names
      if (existsSync(file)) html = readFileSync(file, 'utf8')
      return html.replaceAll('%NONCE%', nonce)
    },
  }
}

/** Instead of the console where it was not built. */
export const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tollgate</title>
<h1>The console is not built</h1>
<p>The gateway works; its pages are missing. Run <code>npm run build</code> in the checkout and start it again.</p>
</html>
`
