import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import classes from './chart.module.css'
import type { ChartOption, ChartSize, Palette } from './chart-engine'
import { ChartFrame, type ChartTable } from './chart-frame'

export type { ChartOption, ChartSize, Palette } from './chart-engine'

const Canvas = lazy(async () => ({ default: (await import('./chart-canvas')).Canvas }))

interface ChartProps {
  /** what it shows; the name of the picture */
  label: string
  /** one sentence with what there is to see, for who cannot see it */
  summary: string
  /** an ECharts option in the colours of the theme for a picture of a size (px), without background, text style or animation */
  option: (palette: Palette, size: ChartSize) => ChartOption
  /** px @default 240 */
  height?: number
  /** the same as figures: shown instead of the picture on request */
  table?: ChartTable
  /** a click on a mark, by ECharts' name and series name */
  onPick?: (name: string, series: string) => void
}

/** A chart with its words: drawn lazily, in the theme, and as a table for who prefers one. */
export function Chart({ label, summary, option, height = 240, table, onPick }: ChartProps) {
  const scheme = useComputedColorScheme('light')
  const { ref, width } = useElementSize<HTMLDivElement>()
  return (
    <ChartFrame
      label={label}
      summary={summary}
      height={height}
      {...(table !== undefined && { table })}
    >
      {(id) => (
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
    </ChartFrame>
  )
}
