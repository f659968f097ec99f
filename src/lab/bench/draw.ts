import type { Chart } from './charts.js'

/** ECharts and what the charts use of it, loaded when a page is first written. @throws where it is not installed */
async function load() {
  const [core, charts, components, renderers] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ])
  const { BarChart, HeatmapChart, LineChart, ScatterChart } = charts
  const { GridComponent, LegendComponent, VisualMapComponent } = components
  core.use([
    BarChart,
    HeatmapChart,
    LineChart,
    ScatterChart,
    GridComponent,
    LegendComponent,
    VisualMapComponent,
    renderers.SVGRenderer,
  ])
  return core
}

/** The chart as SVG text, drawn without a browser. @throws Error where ECharts is not installed */
export async function draw({ option, width, height }: Chart): Promise<string> {
  const { init } = await load().catch((cause: unknown) => {
    throw new Error('charts need the optional package echarts: npm install echarts', { cause })
  })
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({ animation: false, ...option })
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}
