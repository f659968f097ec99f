import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { nodeProblem } from './node-version.js'

test.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('Node %s will do', (version) => {
  expect(nodeProblem(version)).toBeNull()
})

test.each(['20.18.3', '18.20.8', '4.0.0'])('Node %s is told, with what is needed', (version) => {
  expect(nodeProblem(version)).toBe(`needs Node 20.19 or newer, this is v${version}`)
})

const source = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

test('package.json asks for the same', () => {
  const { engines } = JSON.parse(source('../../package.json')) as { engines: { node: string } }
  const [, oldest = ''] = /^>=(\d+\.\d+)$/.exec(engines.node) ?? []
  const [major, minor = 0] = oldest.split('.').map(Number)
  expect(nodeProblem(`${oldest}.0`)).toBeNull()
  expect(nodeProblem(`${major}.${minor - 1}.0`)).not.toBeNull()
})

test('the command imports nothing before it has looked: an older Node would end at an import', () => {
  const imports = (path: string) => [...source(path).matchAll(/^(?:import|export) .*from '(.*)'/gm)]
  expect(imports('./main.ts').map(([, from]) => from)).toEqual(['./node-version.js'])
  expect(imports('./node-version.ts')).toEqual([])
})
