import type { DailyReport } from '../../../../src/report/daily'
import {
  Chart,
  type ChartOption,
  count,
  type Palette,
  percent,
  Section,
  share,
  shortCount,
} from '../../kit'

function namesOf({ hours, timeZone }: DailyReport): string[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  })
  return hours.map(({ at }) => format.format(at))
}

const option =
  (report: DailyReport) =>
  (palette: Palette): ChartOption => ({
    grid: { left: 8, right: 8, top: 32, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 10, itemHeight: 10, textStyle: { color: palette.soft } },
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'category', data: namesOf(report) },
    yAxis: [
      { type: 'value', axisLabel: { formatter: (value: number) => shortCount(value) } },
      {
        ...{ type: 'value', min: 0, max: 100, splitLine: { show: false } },
        axisLabel: { formatter: (value: number) => `${value} %` },
      },
    ],
    series: [
      {
        ...{ name: 'Messages sent', type: 'bar', barMaxWidth: 24 },
        itemStyle: { color: palette.accent },
        data: report.hours.map(({ sends }) => sends),
      },
      {
        ...{ name: 'Verified, %', type: 'line', yAxisIndex: 1, symbol: 'circle', symbolSize: 5 },
        itemStyle: { color: palette.good },
        lineStyle: { color: palette.good, width: 2 },
        data: report.hours.map(({ sends, verified }) =>
          sends === 0 ? null : Math.round((1000 * verified) / sends) / 10,
        ),
      },
    ],
  })

/** Messages and their conversion by hour. */
export function HoursChart({ report }: { report: DailyReport }) {
  const names = namesOf(report)
  const busiest = report.hours.reduce((a, b) => (b.sends > a.sends ? b : a))
  return (
    <Section title="By hour">
      <Chart
        label="Messages and conversion by hour"
        summary={`The busiest hour sent ${count(busiest.sends)} messages; ${percent(share(busiest.verified, busiest.sends))} of them were verified.`}
        option={option(report)}
        table={{
          head: ['Hour', 'Requests', 'Sent', 'Verified', 'Share'],
          rows: report.hours.map(({ at, requests, sends, verified }, i) => [
            names[i] ?? at,
            count(requests),
            count(sends),
            count(verified),
            percent(share(verified, sends)),
          ]),
        }}
      />
    </Section>
  )
}
