import type { Chart } from '../../lab/bench/charts.js'
import { draw } from '../../lab/bench/draw.js'
import { type Html, html, raw } from './html.js'
import { ink, themed } from './palette.js'

/** Widths charts are drawn at, CSS pixels: text of a chart that was shrunk to a phone cannot be read. */
export const WIDTHS = { wide: 1_000, narrow: 350 } as const
export type Width = keyof typeof WIDTHS

/** What charts have in common. */
export const TEXT = { color: ink('soft'), fontFamily: 'sans-serif', fontSize: 12 } as const
export const AXIS = {
  axisLine: { lineStyle: { color: ink('line') } },
  axisTick: { show: false },
  axisLabel: { color: ink('soft'), fontSize: 12, hideOverlap: true },
  splitLine: { lineStyle: { color: ink('line') } },
  nameTextStyle: { color: ink('soft'), align: 'left' as const },
} as const

/** Loads what the charts of a report use besides what all charts do. @throws Error where ECharts is not installed */
export async function loadReportCharts(): Promise<void> {
  const [core, charts, components] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
  ]).catch((cause: unknown) => {
    throw new Error('the report needs the optional package echarts: npm install echarts', { cause })
  })
  core.use([charts.CustomChart, components.MarkAreaComponent, components.MarkLineComponent])
}

/**
 * ECharts' drawing made fit for a page whose policy allows no inline style and that holds many drawings: styles become
 * attributes, rules for a mouse that nothing listens to go, ids get the name of the figure.
 */
export function embedded(svg: string, id: string): string {
  const plain = svg
    .replace(/<style ?>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|baseProfile|version|xmlns:xlink)="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/g, (_, rules: string) =>
      rules
        .split(';')
        .filter((rule) => rule !== '' && !rule.startsWith('font-family'))
        .map((rule) => ` ${rule.replace(':', '="')}"`)
        .join(''),
    )
    .replace(/zr\d+-/g, `${id}-`)
    // the title and the caption of the figure say it in words
    .replace('<svg ', '<svg aria-hidden="true" focusable="false" ')
  return themed(plain)
}

export interface FigureOptions {
  /** unique in the page */
  id: string
  /** what the drawing shows, in words: read aloud instead of it */
  alternative: string
  caption: string
  chart: (width: Width) => Omit<Chart, 'title' | 'caption'>
}

/** A chart drawn for a desktop and for a phone; the page shows one of them. */
export async function figure({ id, alternative, caption, chart }: FigureOptions): Promise<Html> {
  const drawings: Html[] = []
  for (const width of ['wide', 'narrow'] as const) {
    const svg = await draw({ title: id, caption, ...chart(width) })
    drawings.push(html`<div class="${width}">${raw(embedded(svg, `${id}-${width}`))}</div>`)
  }
  return html`<figure>
<div role="img" aria-label="${alternative}">${drawings}</div>
<figcaption>${caption}</figcaption>
</figure>`
}
