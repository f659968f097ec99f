import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const text = readFileSync(new URL('docs/threat-model.md', root), 'utf8')
const section = text.slice(text.indexOf('## Row by row'), text.indexOf('## Assumptions'))
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat'))

test('every row of the threat model names a test that is there', () => {
  const tested = rows.filter((row) => !row.startsWith('| ---'))
  expect(tested.length).toBeGreaterThan(30)
  const missing: string[] = []
  for (const row of tested) {
    const [, file, name] = /\| `([^`]+)` "([^"]+)" \|$/.exec(row) ?? []
    if (file === undefined || name === undefined) {
      missing.push(`names no test: ${row}`)
      continue
    }
    const at = new URL(file, root)
    if (!existsSync(at)) missing.push(`no file ${file}`)
    else if (!readFileSync(at, 'utf8').includes(name)) missing.push(`${file} has no test "${name}"`)
  }
  expect(missing).toEqual([])
})
