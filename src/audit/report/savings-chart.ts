import type { Saving } from '../audit-result.js'
import { shortened } from './defence-title.js'
import { AXIS, type FigureOptions, TEXT, WIDTHS } from './figure.js'
import { money, percent } from './figures.js'
import { ink } from './palette.js'

/** Defences a chart names; the table has the others. */
const MOST = 16
const ROW_HEIGHT = 30

/** What each defence would have kept of the fraud, beside what it would have refused or challenged of the rest. */
export function savingsFigure(all: readonly Saving[], currency: string): FigureOptions {
  const savings = all.slice(0, MOST)
  const [best] = savings
  const words =
    best === undefined
      ? ''
      : `${best.title} does best: it would have saved ${money(best.saved, currency)}, ${percent(best.share)} of the fraud, and touched ${percent(best.touched)} of what is fine.`
  return {
    id: 'savings',
    alternative: `Bars of the share of the fraud that each of ${savings.length} defences would have saved, and of the share of fine messages it would have refused or challenged. ${words}`,
    caption:
      'Green: share of the fraud money saved, longer is better. Orange: share of what is fine that would have been refused or challenged, shorter is better.',
    chart: (width) => {
      const wide = width === 'wide'
      const value = (of: (saving: Saving) => number) =>
        savings.map((saving) => Number((100 * of(saving)).toFixed(2)))
      const bars = (name: string, colour: 'good' | 'probably', of: (saving: Saving) => number) => ({
        type: 'bar' as const,
        name,
        color: ink(colour),
        barWidth: 9,
        barGap: '15%',
        label: {
          show: true,
          position: 'right' as const,
          color: ink('soft'),
          fontSize: 11,
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const saving = savings[dataIndex]
            return saving === undefined ? '' : percent(of(saving))
          },
        },
        data: value(of),
      })
      return {
        width: WIDTHS[width],
        height: 30 + ROW_HEIGHT * savings.length,
        option: {
          textStyle: TEXT,
          grid: { left: wide ? 330 : 142, right: wide ? 56 : 48, top: 4, bottom: 26 },
          xAxis: {
            ...AXIS,
            type: 'value',
            min: 0,
            max: 100,
            splitNumber: wide ? 5 : 2,
            axisLabel: { ...AXIS.axisLabel, formatter: '{value} %' },
          },
          yAxis: {
            ...AXIS,
            type: 'category',
            inverse: true,
            axisLabel: { ...AXIS.axisLabel, color: ink('ink'), interval: 0, hideOverlap: false },
            data: savings.map((saving) => shortened(saving.title, wide ? 46 : 19)),
          },
          series: [
            bars('kept', 'good', ({ share }) => share),
            bars('touched', 'probably', ({ touched }) => touched),
          ],
        },
      }
    },
  }
}
