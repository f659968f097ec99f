import { inLine } from './shown.js'

const WIDTH = /\p{M}/gu
const width = (cell: string): number => [...cell.replace(WIDTH, '')].length

export interface Column {
  title: string
  /** @default left */
  align?: 'left' | 'right'
}

/** Rows under their titles, columns two spaces apart, no space at line ends. */
export function columns(titles: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const all = [titles.map((column) => column.title), ...rows.map((row) => row.map(inLine))]
  const widths = titles.map((_, i) => Math.max(...all.map((row) => width(row[i] ?? ''))))
  return all.map((row) =>
    titles
      .map(({ align }, i) => {
        const cell = row[i] ?? ''
        const gap = ' '.repeat((widths[i] ?? 0) - width(cell))
        return align === 'right' ? gap + cell : cell + gap
      })
      .join('  ')
      .trimEnd(),
  )
}

/** `name  value` lines. */
export function pairs(rows: readonly (readonly [string, string])[]): string[] {
  const longest = Math.max(0, ...rows.map(([name]) => width(name)))
  return rows.map(([name, value]) => `${name.padEnd(longest)}  ${value}`.trimEnd())
}
