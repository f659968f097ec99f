import type { IncidentView } from '../../../../src/http/console/incidents-view'
import { Chart, dayOf, Section, shortUsd, timeOf, usd, utcDayOf } from '../../kit'

/** Money by minute, in the countries of the incident: spent on codes that came back, lost, saved. */
export function MoneyChart({ incident }: { incident: IncidentView }) {
  const { period, points } = incident.money
  // hours of an incident go over days: the same time of day comes again
  const nameOf = (at: number): string =>
    period === 'day' ? utcDayOf(at) : period === 'hour' ? `${dayOf(at)}, ${timeOf(at)}` : timeOf(at)
  const lost = points.reduce((sum, point) => sum + point.lostMicroUsd, 0)
  const saved = points.reduce((sum, point) => sum + point.savedMicroUsd, 0)
  const words = `Lost ${usd(lost)}, saved ${usd(saved)} in the countries of the incident, by the ${period}.`
  return (
    <Section
      title={`Money by the ${period}`}
      about="In the incident's countries, everybody included. A message counts when it was sent; it is lost when its code has not come back."
    >
      <Chart
        label={`Money lost and saved by the ${period}`}
        summary={words}
        height={220}
        option={(palette) => ({
          grid: { left: 8, right: 8, top: 32, bottom: 8, containLabel: true },
          legend: { top: 0, left: 0, itemHeight: 8, itemWidth: 12 },
          tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => usd(Number(value)) },
          xAxis: { type: 'category', data: points.map(({ at }) => nameOf(at)) },
          yAxis: { type: 'value', axisLabel: { formatter: (value: number) => shortUsd(value) } },
          series: [
            {
              name: 'Verified',
              type: 'bar',
              stack: 'spent',
              itemStyle: { color: palette.good },
              data: points.map(({ verifiedMicroUsd }) => verifiedMicroUsd),
            },
            {
              name: 'Lost',
              type: 'bar',
              stack: 'spent',
              itemStyle: { color: palette.bad },
              data: points.map(({ lostMicroUsd }) => lostMicroUsd),
            },
            {
              name: 'Saved',
              type: 'line',
              step: 'middle',
              showSymbol: false,
              lineStyle: { width: 1.5 },
              itemStyle: { color: palette.accent },
              data: points.map(({ savedMicroUsd }) => savedMicroUsd),
            },
          ],
        })}
        table={{
          head: ['Time', 'Verified', 'Lost', 'Saved'],
          rows: points
            .filter((point) => point.spentMicroUsd + point.savedMicroUsd > 0)
            .map((point) => [
              nameOf(point.at),
              usd(point.verifiedMicroUsd),
              usd(point.lostMicroUsd),
              usd(point.savedMicroUsd),
            ]),
        }}
      />
    </Section>
  )
}
