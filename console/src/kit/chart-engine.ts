import { BarChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, HeatmapChart, LineChart, ScatterChart])
use([DatasetComponent, GridComponent, LegendComponent, AriaComponent])
use([MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer])

export { init }

export type ChartOption = EChartsCoreOption
export interface ChartSize {
  width: number
  height: number
}

const NAMES = [
  'page',
  'card',
  'sunk',
  'line',
  'ink',
  'soft',
  'accent',
  'good',
  'warn',
  'hold',
  'bad',
  'plain',
  'rest',
  'heat1',
  'heat2',
  'heat3',
] as const
/** Colours of the theme as texts that a canvas takes. */
export type Palette = Record<(typeof NAMES)[number], string>

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const entries = NAMES.map((name) => [name, style.getPropertyValue(`--tg-${name}`).trim()])
  return Object.fromEntries(entries) as Palette
}

/** What all charts share. A tooltip is drawn on the canvas: as HTML it would need style attributes, which the CSP refuses. */
export function frame(palette: Palette, option: ChartOption): ChartOption {
  const { line, ink, soft, card, accent } = palette
  const axis = {
    axisLine: { lineStyle: { color: line } },
    axisTick: { show: false },
    axisLabel: { color: soft, fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: line } },
    nameTextStyle: { color: soft, fontSize: 11 },
  }
  const axes = (given: unknown) =>
    Array.isArray(given)
      ? given.map((one: object) => merge(axis, one))
      : given === undefined
        ? undefined
        : merge(axis, given as object)
  const { xAxis, yAxis, tooltip, legend, ...rest } = option as Record<string, unknown>
  return {
    animation: false,
    color: [accent, palette.bad, palette.warn, palette.good, palette.hold, soft],
    textStyle: { color: ink, fontFamily: 'system-ui, sans-serif', fontSize: 12 },
    ...rest,
    ...(xAxis !== undefined && { xAxis: axes(xAxis) }),
    ...(yAxis !== undefined && { yAxis: axes(yAxis) }),
    ...(legend !== undefined && {
      legend: {
        textStyle: { color: soft, fontSize: 12 },
        icon: 'roundRect',
        itemWidth: 10,
        itemHeight: 10,
        ...(legend as object),
      },
    }),
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: card,
      borderColor: line,
      textStyle: { color: ink, fontSize: 12 },
      axisPointer: { lineStyle: { color: soft }, shadowStyle: { color: line, opacity: 0.4 } },
      ...((tooltip as object | undefined) ?? {}),
    },
  }
}

function merge(base: Record<string, unknown>, over: object): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    merged[key] = isPlain(below) && isPlain(value) ? merge(below, value) : value
  }
  return merged
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
