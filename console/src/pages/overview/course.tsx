import { useCallback, useMemo } from 'react'
import type { CoursePoint, OverviewView } from '../../../../src/http/console/overview-view'
import { Chart, type ChartSize, count, type Palette, Section, shortCount, timeOf } from '../../kit'

/** px below which the legend takes two lines */
const NARROW = 480

/** Requests, sends and verified sends over the last hour or day. */
export function Course({ view: { course, span, bucketMs } }: { view: OverviewView }) {
  // the bucket that runs would look like a fall
  const whole = useMemo(() => (course.length > 1 ? course.slice(0, -1) : course), [course])
  const option = useCallback(
    (palette: Palette, { width }: ChartSize) => {
      const bars = (name: string, color: string, value: (point: CoursePoint) => number) => ({
        ...{ type: 'bar', name, stack: 'all', color, barCategoryGap: '20%' },
        data: whole.map(value),
      })
      const narrow = width < NARROW
      return {
        grid: { left: 8, right: 8, top: narrow ? 56 : 32, bottom: 4, containLabel: true },
        legend: { top: 0, left: 0, right: 96, selectedMode: false },
        tooltip: {
          axisPointer: { type: 'shadow' },
          formatter: (marks: { value: number; seriesName: string; dataIndex: number }[]) =>
            [
              timeOf(whole[marks[0]?.dataIndex ?? 0]?.at ?? 0),
              ...marks.map(({ seriesName, value }) => `${seriesName}: ${count(value)}`),
            ].join('\n'),
        },
        xAxis: { type: 'category', data: whole.map(({ at }) => timeOf(at)) },
        yAxis: {
          ...{ type: 'value', minInterval: 1, splitNumber: 3 },
          axisLabel: { formatter: shortCount },
        },
        series: [
          bars('Verified', palette.accent, ({ verified }) => verified),
          bars('Sent, not verified', palette.rest, ({ sends, verified }) => sends - verified),
          bars('Refused or challenged', palette.bad, ({ refused }) => refused),
        ],
      }
    },
    [whole],
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
