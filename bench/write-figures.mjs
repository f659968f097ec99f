// Figures of a bench in docs/performance.md: between `<!-- NAME -->` and `<!-- /NAME -->`, and nowhere else.
import { readFileSync, writeFileSync } from 'node:fs'

const FILE = new URL('../docs/performance.md', import.meta.url)

const target = ({ target, atLeast, met }) =>
  target === null ? '' : `${atLeast ? '>=' : '<='} ${target}${met ? '' : ' (missed)'}`
const against = ({ peer, ratio }) => (peer === null ? '' : `${ratio} x ${peer}`)

/** @param machine what it was measured on @param rows as the report has them */
export function writeFigures(bench, machine, rows) {
  const text = readFileSync(FILE, 'utf8')
  const [from, to] = [`<!-- ${bench} -->`, `<!-- /${bench} -->`]
  const begin = text.indexOf(from)
  const end = text.indexOf(to)
  if (begin < 0 || end < begin) throw new Error(`docs/performance.md has no place for ${bench}`)
  const table = [
    `${machine}, ${new Date().toISOString().slice(0, 10)}.`,
    '',
    '| | value | | against | target |',
    '| --- | ---: | --- | --- | --- |',
    ...rows.map((row) =>
      [row.case.trim(), row.value, row.unit, against(row), target(row)]
        .map((cell) => ` ${cell} `)
        .join('|')
        .replace(/^(.*)$/, '|$1|'),
    ),
  ].join('\n')
  writeFileSync(FILE, `${text.slice(0, begin + from.length)}\n${table}\n${text.slice(end)}`)
}
