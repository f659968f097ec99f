import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { testFolder } from '../../test/fakes/test-folder.js'
import { readTables } from './read.js'

function folderWith(files: Record<string, string | Uint8Array>): URL {
  const folder = testFolder()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return pathToFileURL(`${folder}/`)
}

const index = { arrays: { small: [0, 3], wide: [8, 2], text: [16, 2] }, answer: 42 }

describe('readTables', () => {
  test('gives arrays by name and the facts beside them', () => {
    const binary = new Uint8Array(18)
    new Uint16Array(binary.buffer, 0, 3).set([1, 2, 65_535])
    new Uint32Array(binary.buffer, 8, 2).set([7, 4_294_967_295])
    binary.set([111, 107], 16)
    const tables = readTables<{ answer: number }>(
      folderWith({ 'x.bin': binary, 'x.json': JSON.stringify(index) }),
      'x',
    )
    expect([...tables.u16('small')]).toEqual([1, 2, 65_535])
    expect([...tables.u32('wide')]).toEqual([7, 4_294_967_295])
    expect(Buffer.from(tables.u8('text')).toString()).toBe('ok')
    expect(tables.facts.answer).toBe(42)
  })

  test.each([
    ['both', {}],
    ['the index', { 'x.bin': new Uint8Array(18) }],
    ['the arrays', { 'x.json': JSON.stringify(index) }],
  ])('says what to run when %s is missing', (_, files: Record<string, string | Uint8Array>) => {
    expect(() => readTables(folderWith(files), 'x')).toThrow(/node scripts\/build-data\.mjs/)
  })

  test('refuses arrays that are shorter than the index says, and names it does not know', () => {
    const folder = folderWith({ 'x.bin': new Uint8Array(10), 'x.json': JSON.stringify(index) })
    expect(() => readTables(folder, 'x').u32('wide')).toThrow(/not of one build \(wide\)/)
    expect(() => readTables(folder, 'x').u32('other')).toThrow(/not of one build \(other\)/)
  })
})
