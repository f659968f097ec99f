import { type ReactNode, useId, useState } from 'react'
import classes from './chart.module.css'

/** The same as a picture, as figures. */
export interface ChartTable {
  head: readonly string[]
  rows: readonly (readonly ReactNode[])[]
}

interface ChartFrameProps {
  /** what it shows; the name of the picture */
  label: string
  /** one sentence with what there is to see, for who cannot see it */
  summary: string
  /** shown instead of the picture on request */
  table?: ChartTable
  /** px, of the table */
  height: number
  /** the picture; its element is described by the id */
  children: (describedBy: string) => ReactNode
}

/** A picture with its words: a summary that is read out, and a table for who prefers one. */
export function ChartFrame({ label, summary, table, height, children }: ChartFrameProps) {
  const [asTable, setAsTable] = useState(false)
  const id = useId()
  return (
    <figure className={classes.figure}>
      {table !== undefined && (
        <button
          type="button"
          className={classes.switch}
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? 'Show as chart' : 'Show as table'}
          <span className={classes.hidden}>: {label}</span>
        </button>
      )}
      {asTable && table !== undefined ? (
        <TableOf label={label} table={table} height={height} />
      ) : (
        children(id)
      )}
      <figcaption id={id} className={classes.hidden}>
        {summary}
      </figcaption>
    </figure>
  )
}

const TableOf = ({
  label,
  table: { head, rows },
  height,
}: {
  label: string
  table: ChartTable
  height: number
}) => (
  <section
    className={classes.scroll}
    style={{ maxHeight: height }}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
    tabIndex={0}
    aria-label={label}
  >
    <table className={classes.table}>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name and no state
          <tr key={line}>
            {row.map((cell, at) => (
              <td key={head[at]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)
