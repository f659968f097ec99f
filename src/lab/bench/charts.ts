import type { EChartsCoreOption } from 'echarts/core'
import type { Report } from './report.js'

export interface Chart {
  title: string
  /** alternative text, and what to look for */
  caption: string
  option: EChartsCoreOption
  width: number
  height: number
}

const inPercent = (share: number): number => Math.round(1e6 * share) / 1e4
/** On logarithmic axes nothing stands for zero: a thousandth of a percent does. */
const FLOOR = 0.001
const floored = (share: number): number => Math.max(FLOOR, inPercent(share))
const axis = (name: string) => ({
  type: 'log' as const,
  name,
  min: FLOOR,
  max: 100,
  nameLocation: 'middle' as const,
  nameGap: 28,
})
const grid = { left: 64, right: 24, top: 48, bottom: 56 }

/** Up to which leak, %, a cell has which colour: the targets are 1 % for the median and 5 % for the worst. */
const LEAK_COLOURS = [
  [0.1, '#1a7f4b'],
  [1, '#7fbf8e'],
  [5, '#f2e8a0'],
  [20, '#e79a5b'],
  [100, '#c0392b'],
] as const

/** Each contender at its published setting, on both axes. */
function scatter({ headlines: [first] }: Report): Chart[] {
  if (first === undefined) return []
  return [
    {
      title: `Leak against harm, as published (set ${first.set})`,
      caption:
        'Down and left is better. Logarithmic axes; the edge at 0.001 % stands for that or less.',
      width: 860,
      height: 460,
      option: {
        grid: { ...grid, left: 96, right: 96 },
        xAxis: axis('legitimate requests lost, %'),
        yAxis: axis('median leak, %'),
        series: first.rows.map(({ contender, lost, medianLeak }) => ({
          type: 'scatter',
          name: contender,
          symbolSize: 14,
          label: { show: true, formatter: contender, position: 'top' },
          data: [[floored(lost.value), floored(medianLeak.value)]],
        })),
      },
    },
  ]
}

/** Leaked share of every attack and contender. */
function heat({ cells, contenders }: Report): Chart[] {
  const attacks = [...new Set(cells.filter((c) => c.kind === 'attack').map((c) => c.scenario))]
  if (attacks.length === 0) return []
  return [
    {
      title: 'Leak of every attack',
      caption: 'Share of the money each attack asked for that went out, %.',
      width: 980,
      height: 148 + 26 * attacks.length,
      option: {
        grid: { left: 230, right: 24, top: 84, bottom: 64 },
        xAxis: {
          type: 'category',
          data: [...contenders],
          position: 'top',
          axisLabel: { interval: 0, rotate: 18 },
        },
        yAxis: { type: 'category', data: attacks, inverse: true },
        visualMap: {
          type: 'piecewise',
          dimension: 2,
          pieces: LEAK_COLOURS.map(([max, color], i) => ({
            gt: LEAK_COLOURS[i - 1]?.[0] ?? -1,
            lte: max,
            color,
            label: `to ${max} %`,
          })),
          orient: 'horizontal',
          left: 'center',
          bottom: 8,
        },
        series: [
          {
            type: 'heatmap',
            label: { show: true },
            data: cells
              .filter((c) => c.kind === 'attack')
              .map((c) => [
                contenders.indexOf(c.contender),
                attacks.indexOf(c.scenario),
                Number(inPercent(c.leakedShare).toPrecision(2)),
              ]),
          },
        ],
      },
    },
  ]
}

function curves({ curves }: Report): Chart[] {
  if (curves.length === 0) return []
  return [
    {
      title: 'Leak against harm over settings',
      caption:
        'Tollgate over its daily budget, the others over a factor on their limits. Down and left is better.',
      width: 860,
      height: 500,
      option: {
        grid: { ...grid, bottom: 96 },
        legend: { bottom: 0 },
        xAxis: axis('legitimate requests lost, %'),
        yAxis: axis('mean leak, %'),
        series: curves.map(({ name, points }) => ({
          type: 'line',
          name,
          data: points.map(({ lost, leak }) => [floored(lost), floored(leak)]),
        })),
      },
    },
  ]
}

function reliability({ reliability }: Report): Chart[] {
  if (reliability.length === 0) return []
  const share = reliability.map(({ requests, attacks }) =>
    requests === 0 ? null : inPercent(attacks / requests),
  )
  return [
    {
      title: 'The score as a probability',
      caption: 'A calibrated score lies on the straight line.',
      width: 620,
      height: 420,
      option: {
        grid: { ...grid, bottom: 88 },
        legend: { bottom: 0 },
        xAxis: {
          type: 'category',
          data: reliability.map(({ from, to }) => `${from}-${to}`),
          name: 'score',
          nameLocation: 'middle',
          nameGap: 28,
        },
        yAxis: { type: 'value', min: 0, max: 100, name: 'attacks, %' },
        series: [
          { type: 'bar', name: "share that was an attack's", data: share },
          {
            type: 'line',
            name: 'calibrated',
            data: reliability.map(({ from, to }) => (from + to) / 2),
          },
        ],
      },
    },
  ]
}

export const chartsOf = (report: Report): Chart[] => [
  ...scatter(report),
  ...curves(report),
  ...heat(report),
  ...reliability(report),
]
