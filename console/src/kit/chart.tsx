import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { lazy, type ReactNode, Suspense, useId, useState } from 'react'
import classes from './chart.module.css'
import type { ChartOption, ChartSize, Palette } from './chart-engine'

export type { ChartOption, ChartSize, Palette } from './chart-engine'

const Canvas = lazy(() => import('./chart-canvas'))

interface ChartProps {
  /** what it shows; the name of the picture */
  label: string
  /** one sentence with what there is to see, for who cannot see it */
  summary: string
  /** an ECharts option in the colours of the theme for a picture of a size (px), without background, text style or animation */
  option: (palette: Palette, size: ChartSize) => ChartOption
  /** px @default 240 */
  height?: number
  /** width over height: on narrow screens it is less high, so that nothing stands empty */
  ratio?: number
  /** the same as figures: shown instead of the picture on request */
  table?: { head: readonly string[]; rows: readonly (readonly ReactNode[])[] }
  /** a click on a mark, by ECharts' name and series name */
  onPick?: (name: string, series: string) => void
}

/** A chart with its words: drawn lazily, in the theme, and as a table for who prefers one. */
export function Chart({
  label,
  summary,
  option,
  height: most = 240,
  ratio,
  table,
  onPick,
}: ChartProps) {
  const scheme = useComputedColorScheme('light')
  const { ref, width } = useElementSize<HTMLDivElement>()
  const height =
    ratio === undefined || width === 0 ? most : Math.min(most, Math.ceil(width / ratio))
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
                {table.head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, line) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name and no state
                <tr key={line}>
                  {row.map((cell, at) => (
                    <td key={table.head[at]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <div ref={ref} style={{ height }} role="img" aria-label={label} aria-describedby={id}>
          {width > 0 && (
            <Suspense fallback={<div className={classes.waiting} style={{ height }} />}>
              <Canvas
                option={option}
                scheme={scheme}
                width={Math.floor(width)}
                height={height}
                {...(onPick !== undefined && { onPick })}
              />
            </Suspense>
          )}
        </div>
      )}
      <figcaption id={id} className={classes.hidden}>
        {summary}
      </figcaption>
    </figure>
  )
}
