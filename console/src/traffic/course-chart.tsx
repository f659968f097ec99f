import { useCallback } from 'react'
import type { SeriesPoint, SpanView } from '../../../src/http/console/ranges-view'
import { Chart, count, type Palette, shortCount, timeOf, utcDayOf } from '../kit'

/** Requests, refusals and verified sends of one range or source over time. */
export function CourseChart({ series, span }: { series: readonly SeriesPoint[]; span: SpanView }) {
  const byDay = span.name === '7d' || span.name === '30d'
  const label = useCallback((at: number) => (byDay ? utcDayOf(at) : timeOf(at)), [byDay])
  const option = useCallback(
    (palette: Palette) => {
      const bar = (name: string, color: string, of: (point: SeriesPoint) => number) => ({
        ...{ type: 'bar', stack: 'requests', name, color, barCategoryGap: '20%' },
        data: series.map(of),
      })
      return {
        grid: { left: 8, right: 12, top: 52, bottom: 4, containLabel: true },
        legend: { top: 0, left: 0 },
        xAxis: { type: 'category', data: series.map(({ at }) => label(at)) },
        yAxis: {
          ...{ type: 'value', minInterval: 1, splitNumber: 3 },
          axisLabel: { formatter: shortCount },
        },
        series: [
          bar('Verified', palette.good, ({ verified }) => verified),
          bar('Sent, not verified', palette.warn, ({ sends, verified }) => sends - verified),
          bar('Refused or challenged', palette.bad, ({ refused }) => refused),
        ],
      }
    },
    [series, label],
  )
  const sum = (of: (point: SeriesPoint) => number): string =>
    count(series.reduce((total, point) => total + of(point), 0))
  return (
    <Chart
      label="Requests by what became of them, over time"
      summary={`${sum(({ requests }) => requests)} requests, ${sum(({ sends }) => sends)} sends, ${sum(({ verified }) => verified)} verified, ${sum(({ refused }) => refused)} refused or challenged.`}
      option={option}
      height={220}
      table={{
        head: [
          byDay ? 'Day, UTC' : 'From',
          'Requests',
          'Sends',
          'Verified',
          'Refused or challenged',
        ],
        rows: [...series]
          .reverse()
          .map(({ at, requests, sends, verified, refused }) => [
            label(at),
            count(requests),
            count(sends),
            count(verified),
            count(refused),
          ]),
      }}
    />
  )
}
