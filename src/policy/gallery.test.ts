import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadPolicy } from './load.js'

const folder = new URL('../../test/configs/', import.meta.url)
const files = readdirSync(folder).filter((name) => /^bad-.*\.yaml$/.test(name))

/** Lines `#> line:column path: message | hint`, below the configuration so that they move nothing. */
const expectations = (text: string): string[] =>
  text.split('\n').flatMap((line) => (line.startsWith('#> ') ? [line.slice(3)] : []))

describe('the gallery of bad configurations: each file lists what has to be said of it', () => {
  test.each(files)('%s', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8')
    const loaded = loadPolicy(text, { file: name })
    const said = loaded.ok
      ? []
      : loaded.errors.map(
          ({ line, column, path, message, hint }) =>
            `${line}:${column} ${path === '' ? '' : `${path}: `}${message} | ${hint}`,
        )
    expect(said).toEqual(expectations(text))
    expect(said).not.toEqual([])
  })

  test('has at least twenty', () => {
    expect(files.length).toBeGreaterThanOrEqual(20)
  })
})
