import type { MoneyView } from '../../../../src/http/console/money-view'
import { Chart, type ChartOption, type Palette, Section, shortUsd, usd } from '../../kit'

const PARTS = [
  ['Verified', 'verifiedMicroUsd', 'good'],
  ['Still open', 'openMicroUsd', 'plain'],
  ['Wasted', 'wastedMicroUsd', 'bad'],
] as const

const nameOf = (at: number): string => String(new Date(at).getUTCDate())

const option =
  (days: MoneyView['days']) =>
  (palette: Palette): ChartOption => ({
    grid: { left: 8, right: 8, top: 32, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 10, itemHeight: 10, textStyle: { color: palette.soft } },
    tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => usd(Number(value)) },
    xAxis: { type: 'category', data: days.map(({ at }) => nameOf(at)) },
    yAxis: { type: 'value', axisLabel: { formatter: (value: number) => shortUsd(value) } },
    series: PARTS.map(([name, key, colour]) => ({
      name,
      type: 'bar',
      stack: 'spend',
      barMaxWidth: 28,
      itemStyle: { color: palette[colour] },
      data: days.map((day) => day[key]),
    })),
  })

/** Spend by day, and what came of it. */
export function DaysChart({ days }: { days: MoneyView['days'] }) {
  const dearest = days.reduce((a, b) => (b.spendMicroUsd > a.spendMicroUsd ? b : a))
  const date = new Date(dearest.at).toISOString().slice(0, 10)
  return (
    <Section title="Spend by day">
      <Chart
        label="Spend by day of the month"
        summary={`The dearest day was ${date} with ${usd(dearest.spendMicroUsd)}, of which ${usd(dearest.wastedMicroUsd)} were wasted.`}
        option={option(days)}
        table={{
          head: ['Day', 'Spend', ...PARTS.map(([name]) => name), 'Saved'],
          rows: days
            .filter(({ requests }) => requests > 0)
            .map((day) => [
              new Date(day.at).toISOString().slice(0, 10),
              usd(day.spendMicroUsd),
              ...PARTS.map(([, key]) => usd(day[key])),
              usd(day.savedMicroUsd),
            ]),
        }}
      />
    </Section>
  )
}
