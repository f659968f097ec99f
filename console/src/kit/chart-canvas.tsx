import { useEffect, useRef } from 'react'
import {
  type ChartOption,
  type ChartSize,
  frame,
  init,
  type Palette,
  readPalette,
} from './chart-engine'

interface CanvasProps {
  option: (palette: Palette, size: ChartSize) => ChartOption
  scheme: 'light' | 'dark'
  width: number
  height: number
  onPick?: (name: string, series: string) => void
}

/** The part of a chart that needs ECharts: loaded when the first chart is. */
export function Canvas({ option, scheme, width, height, onPick }: CanvasProps) {
  const holder = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof init>>(undefined)
  const pick = useRef(onPick)
  pick.current = onPick

  useEffect(() => {
    if (holder.current === null) return
    const drawn = init(holder.current, undefined, { renderer: 'canvas' })
    drawn.on('click', ({ name, seriesName }) => pick.current?.(name, seriesName ?? ''))
    chart.current = drawn
    return () => drawn.dispose()
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette is read again when the scheme changes
  useEffect(() => {
    const palette = readPalette()
    chart.current?.resize({ width, height })
    chart.current?.setOption(frame(palette, option(palette, { width, height })), { notMerge: true })
  }, [option, scheme, width, height])

  return <div ref={holder} style={{ width, height }} />
}
