import { expect, it } from 'vitest'
import { narrowest, type Suspect } from './narrowest.js'

let nodes = 0
function suspect(
  level: Suspect['level'],
  key: string,
  sessions: number,
  more: Partial<Suspect> = {},
): Suspect {
  return {
    node: ++nodes,
    abroad: false,
    level,
    service: 'signup',
    country: 'NG',
    operatorRange: 'NG/1',
    block: level === 'subBlock' ? key.slice(0, -1) : level === 'block' ? key : '',
    key,
    onset: 0,
    lastAt: 1_000,
    sessions,
    verified: 0,
    excess: sessions,
    llr: sessions,
    busy: true,
    named: false,
    ...more,
  }
}
const operator = (sessions: number, excess = sessions): Suspect =>
  suspect('operator', 'NG/1', sessions, { excess, busy: false })
const keys = (suspects: readonly Suspect[]): string[] => suspects.map((s) => s.key)

it('names the sub-block that carries its block, and the block when the loss is spread over it', () => {
  const block = suspect('block', '+2341', 20)
  expect(keys(narrowest(block, [block, suspect('subBlock', '+23415', 19)]))).toEqual(['+23415'])
  expect(keys(narrowest(block, [block, suspect('subBlock', '+23415', 10)]))).toEqual(['+2341'])
})

it('waits for four sessions before a sub-block stands for its block', () => {
  const block = suspect('block', '+2341', 3)
  expect(keys(narrowest(block, [block, suspect('subBlock', '+23415', 3)]))).toEqual(['+2341'])
})

it('names the blocks that together carry 90 % of an operator, else the operator', () => {
  const blocks = [suspect('block', '+2341', 30), suspect('block', '+2342', 30)]
  expect(keys(narrowest(operator(65), blocks))).toEqual(['+2341', '+2342'])
  expect(keys(narrowest(operator(100), blocks))).toEqual(['NG/1'])
})

it('leaves people out: blocks that were not busy, that ended before, of others, or beyond what needs explaining', () => {
  const attacked = suspect('block', '+2341', 30)
  const people = [
    suspect('block', '+2342', 3, { busy: false }),
    suspect('block', '+2343', 9, { lastAt: -1 }),
    suspect('block', '+2344', 9, { operatorRange: 'NG/2' }),
    suspect('block', '+2345', 9, { service: 'login' }),
    suspect('block', '+2346', 3),
  ]
  expect(keys(narrowest(operator(30), [attacked, ...people]))).toEqual(['+2341'])
})

it('names operators under a country, only those that matter', () => {
  const country = suspect('country', 'NG', 100, { operatorRange: '', busy: false })
  const small = suspect('operator', 'NG/2', 5, { operatorRange: 'NG/2', busy: false })
  expect(keys(narrowest(country, [country, operator(95), small]))).toEqual(['NG/1'])
  expect(keys(narrowest(country, [country, operator(40), small]))).toEqual(['NG'])
})

it('says nothing of a crowd whose blocks have not matured', () => {
  const crowd = suspect('crowd', '*', 20, { country: '', operatorRange: '' })
  expect(narrowest(crowd, [])).toEqual([])
  const blocks = [suspect('block', '+2341', 6), suspect('block', '+2547', 6, { country: 'KE' })]
  expect(keys(narrowest(crowd, blocks))).toEqual(['+2341', '+2547'])
})

it('leaves out blocks that an incident names: wider ranges hear nothing of them, their own block does', () => {
  const named = suspect('block', '+2341', 90, { named: true })
  const other = suspect('block', '+2342', 30)
  expect(keys(narrowest(operator(30), [named, other]))).toEqual(['+2342'])
  expect(keys(narrowest(operator(30), [named]))).toEqual(['NG/1'])
  const part = suspect('subBlock', '+23431', 50, { block: '+2343', named: true })
  const around = suspect('block', '+2343', 52)
  expect(keys(narrowest(operator(30), [around, part, other]))).toEqual(['+2342'])
  expect(keys(narrowest(around, [around, part]))).toEqual(['+23431'])
})
