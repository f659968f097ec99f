import { AXIS, type FigureOptions, TEXT, WIDTHS } from './figure.js'
import { dayText, money } from './figures.js'
import type { Heat } from './heat.js'
import { HEAT, ink } from './palette.js'

/** Columns a phone has room for: the last ones. */
const NARROW_COLUMNS = 26
/** Upper edges of the colours as shares of the dearest cell: fourth roots, so that a quiet range does not vanish. */
const EDGES = [0.004, 0.03, 0.13, 0.41, 1]

/** Money that went to each of the dearest ranges in each day, week or month. */
export function heatFigure({ step, columns, rows }: Heat, currency: string): FigureOptions {
  const most = Math.max(0, ...rows.flatMap(({ cells }) => [...cells]))
  const [first] = rows
  const dearest =
    first === undefined
      ? ''
      : ` The first is ${first.label}: ${money(first.fraud, currency)} of fraud.`
  return {
    id: 'heat',
    alternative: `Money per ${step} for the ${rows.length} ranges with most fraud, costliest first.${dearest}`,
    caption: `Money per ${step} (UTC) to the ranges with most fraud. Darkest cell: ${money(most, currency)}. A band that begins one day and ends another is an attack; a row filled all along also has people on it.`,
    chart: (width) => {
      const wide = width === 'wide'
      const skip = wide ? 0 : Math.max(0, columns.length - NARROW_COLUMNS)
      return {
        width: WIDTHS[width],
        height: 50 + (wide ? 22 : 20) * rows.length,
        option: {
          textStyle: TEXT,
          grid: { left: wide ? 230 : 128, right: 6, top: 4, bottom: 44 },
          xAxis: {
            ...AXIS,
            type: 'category',
            data: columns.slice(skip).map((from) => dayText(from).replace(/ \d{4}$/, '')),
            splitLine: { show: false },
          },
          yAxis: {
            ...AXIS,
            type: 'category',
            inverse: true,
            data: rows.map(({ key, label }) => (wide ? label : key)),
            axisLabel: {
              ...AXIS.axisLabel,
              color: ink('ink'),
              fontSize: 11,
              interval: 0,
              hideOverlap: false,
              width: wide ? 218 : 118,
              overflow: 'truncate',
            },
          },
          visualMap: {
            type: 'piecewise',
            show: false,
            dimension: 2,
            pieces: HEAT.map((colour, i) => ({
              gt: i === 0 ? 0 : most * (EDGES[i - 1] ?? 0),
              lte: i === HEAT.length - 1 ? most * 1.001 : most * (EDGES[i] ?? 1),
              color: ink(colour),
            })),
          },
          series: [
            {
              type: 'heatmap',
              itemStyle: { borderWidth: 0.5, borderColor: ink('card') },
              data: rows.flatMap(({ cells }, y) =>
                [...cells.subarray(skip)].flatMap((value, x) => (value > 0 ? [[x, y, value]] : [])),
              ),
            },
          ],
        },
      }
    },
  }
}
