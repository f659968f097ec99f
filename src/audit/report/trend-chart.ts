import type { Period } from '../audit-result.js'
import { AXIS, type FigureOptions, TEXT, WIDTHS } from './figure.js'
import { brief, dayText, money, monthText, percent } from './figures.js'
import { ink } from './palette.js'

export type Step = 'day' | 'week' | 'month'

/** Bars a chart shows at most: more would be thinner than a pixel on a phone. */
const MOST_BARS = 400
/** Up to so many bars the interval of each can be told from its neighbour's. */
const MOST_WHISKERS = { wide: 62, narrow: 20 } as const

/** Shares of the highest bar below which an interval is a dot on the axis. */
const NOTHING = 0.01

const axisLabel = (step: Step, from: string): string =>
  step === 'month' ? monthText(from) : dayText(from).replace(/ \d{4}$/, '')

interface DrawApi {
  value(dimension: number): number
  coord(point: readonly [number, number]): [number, number]
}

/** From low to high, at the middle of the bar. */
function whisker(_: unknown, api: DrawApi) {
  const [x, low] = api.coord([api.value(0), api.value(1)])
  const [, high] = api.coord([api.value(0), api.value(2)])
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: 'line' as const,
    shape: { x1, y1, x2, y2 },
    style: { stroke: ink('ink'), lineWidth: 1.2 },
  })
  const children = [line(x, low, x, high), line(x - 3, low, x + 3, low)]
  return { type: 'group' as const, children: [...children, line(x - 3, high, x + 3, high)] }
}

/** What was spent in each period, and how much of it is estimated to be fraud. */
export function trendFigure(all: readonly Period[], step: Step, currency: string): FigureOptions {
  const periods = all.slice(-MOST_BARS)
  const worst = periods.reduce<Period | null>(
    (most, period) => (most === null || period.fraud.value > most.fraud.value ? period : most),
    null,
  )
  const peak =
    worst === null || worst.fraud.value === 0
      ? 'No period has any fraud.'
      : `The worst ${step} began on ${dayText(worst.from)}: ${money(worst.fraud.value, currency)} of ${money(worst.spend, currency)} (${percent(worst.share)}).`
  const most = Math.max(0, ...periods.map(({ spend }) => spend))
  const missing = all.length - periods.length
  return {
    id: `trend-${step}`,
    alternative: `Bars of the money spent and the fraud in it for ${periods.length} periods of a ${step} each. ${peak}`,
    caption: `Money per ${step} (UTC). ${peak}${missing > 0 ? ` The first ${missing} are left out.` : ''}`,
    chart: (width) => ({
      width: WIDTHS[width],
      height: width === 'wide' ? 300 : 240,
      option: {
        textStyle: TEXT,
        grid: { left: width === 'wide' ? 64 : 48, right: 8, top: 28, bottom: 56 },
        // widths of text are guessed without a browser: wide gaps keep entries apart
        legend: {
          bottom: 0,
          left: 0,
          icon: 'roundRect',
          itemWidth: 12,
          itemHeight: 12,
          itemGap: 32,
          textStyle: TEXT,
          data: ['fraud', 'everything else'],
        },
        xAxis: {
          ...AXIS,
          type: 'category',
          data: periods.map(({ from }) => axisLabel(step, from)),
          splitLine: { show: false },
        },
        yAxis: {
          ...AXIS,
          type: 'value',
          axisLabel: { ...AXIS.axisLabel, formatter: brief },
          name: currency,
          axisLine: { show: false },
          splitNumber: 4,
        },
        series: [
          {
            type: 'bar',
            name: 'fraud',
            stack: 'spend',
            color: ink('surely'),
            barCategoryGap: '18%',
            data: periods.map(({ fraud }) => rounded(fraud.value)),
          },
          {
            type: 'bar',
            name: 'everything else',
            stack: 'spend',
            color: ink('fine'),
            data: periods.map(({ spend, fraud }) => rounded(Math.max(0, spend - fraud.value))),
          },
          ...(periods.length > MOST_WHISKERS[width]
            ? []
            : [
                {
                  type: 'custom' as const,
                  name: 'interval',
                  z: 5,
                  renderItem: whisker,
                  data: periods
                    .map(({ fraud }, i) => [i, fraud.low, fraud.high])
                    .filter(([, low = 0, high = 0]) => low !== high && high > most * NOTHING),
                },
              ]),
        ],
      },
    }),
  }
}

const rounded = (value: number): number => Number(value.toPrecision(6))
