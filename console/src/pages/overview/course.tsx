import { useCallback } from 'react'
import type { OverviewView } from '../../../../src/http/console/overview-view'
import { Chart, count, type Palette, Section, shortCount, timeOf } from '../../kit'

/** Requests, sends and verified sends over the last hour or day. */
export function Course({ view: { course, span, bucketMs } }: { view: OverviewView }) {
  const option = useCallback(
    (palette: Palette) => {
      const line = (
        name: string,
        key: 'requests' | 'refused' | 'sends' | 'verified',
        color: string,
      ) => ({
        ...{ type: 'line', name, symbol: 'none', step: 'end' },
        ...{ color, lineStyle: { width: 1.5 } },
        data: course.map((point) => [point.at, point[key]]),
      })
      return {
        grid: { left: 8, right: 12, top: 32, bottom: 4, containLabel: true },
        legend: { top: 0, left: 0 },
        tooltip: {
          formatter: (marks: { value: [number, number]; seriesName: string }[]) =>
            [
              timeOf(marks[0]?.value[0] ?? 0),
              ...marks.map(({ seriesName, value }) => `${seriesName}: ${count(value[1])}`),
            ].join('\n'),
        },
        xAxis: { type: 'time', splitLine: { show: false } },
        yAxis: {
          ...{ type: 'value', minInterval: 1, splitNumber: 3 },
          axisLabel: { formatter: shortCount },
        },
        series: [
          line('Requests', 'requests', palette.soft),
          line('Refused or challenged', 'refused', palette.bad),
          line('Sends', 'sends', palette.accent),
          { ...line('Verified', 'verified', palette.good), areaStyle: { opacity: 0.12 } },
        ],
      }
    },
    [course],
  )
  const sum = (key: 'requests' | 'refused' | 'sends' | 'verified') =>
    count(course.reduce((total, point) => total + point[key], 0))
  return (
    <Section
      title={span === '24h' ? 'The last 24 hours' : 'The last hour'}
      about={`By ${bucketMs >= 3_600_000 ? 'hour' : 'minute'}, at the time of the request; codes of the last minutes are still on their way.`}
    >
      <Chart
        label="Requests, refusals, sends and verified sends over time"
        summary={`${sum('requests')} requests, ${sum('refused')} refused or challenged, ${sum('sends')} sends, ${sum('verified')} verified.`}
        option={option}
        height={220}
        table={{
          head: ['Time', 'Requests', 'Refused or challenged', 'Sends', 'Verified'],
          rows: [...course]
            .reverse()
            .map(({ at, requests, refused, sends, verified }) => [
              timeOf(at),
              count(requests),
              count(refused),
              count(sends),
              count(verified),
            ]),
        }}
      />
    </Section>
  )
}
