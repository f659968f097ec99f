import type { DailyReport, DailySources } from '../../../../src/report/daily'
import { Column, Columns, Empty, Foreign, Mono, Section } from '../../kit'
import { Comparison } from './comparison'
import { Countries } from './countries'
import { Alarms, Incidents } from './happened'
import { HoursChart } from './hours-chart'
import { TopTable } from './top-table'

/** The report of a day. */
export const Daily = ({
  report,
  sources,
}: {
  report: DailyReport
  sources: DailySources | null
}) => (
  <Column>
    <Columns min={480}>
      <Comparison
        now={report.totals}
        others={[
          ['Day before', report.dayBefore],
          ['Week before', report.weekBefore],
        ]}
        about="Against the day before and the same weekday of the week before."
      />
      <HoursChart report={report} />
    </Columns>
    <Columns min={480}>
      <Incidents incidents={report.incidents} timeZone={report.timeZone} />
      <Alarms alarms={report.alarms} timeZone={report.timeZone} />
    </Columns>
    <Countries countries={report.countries} />
    <Columns min={480}>
      <TopTable
        title="Ranges that asked most"
        name="Range"
        rows={report.ranges}
        show={({ key }) => <Mono>{`${key}*`}</Mono>}
      />
      <TopTable
        title="Networks that asked most"
        name="Network"
        rows={report.networks}
        show={({ key }) => (key === '' ? 'unknown' : <Mono>{key}</Mono>)}
      />
      {sources !== null && (
        <>
          <TopTable
            title={`Numbers that were asked for most${sources.approximate ? ' (of those counted)' : ''}`}
            name="Number"
            rows={sources.numbers}
            show={({ key }) => <Foreign text={key} />}
          />
          <TopTable
            title="Addresses that asked most"
            name="Address"
            rows={sources.ips}
            show={({ key }) => (key === '' ? 'unknown' : <Mono>{key}</Mono>)}
          />
        </>
      )}
    </Columns>
    {sources === null && (
      <Section title="Numbers and addresses">
        <Empty title="Not part of this report">
          They are added when the day is over, and deleted with the requests they come from.
        </Empty>
      </Section>
    )}
  </Column>
)
