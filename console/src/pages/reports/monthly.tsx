import type { MonthlyReport } from '../../../../src/report/monthly'
import { Column, Columns, Country, Foreign } from '../../kit'
import { DaysChart } from '../money/days-chart'
import { Comparison } from './comparison'
import { Incidents } from './happened'
import { TopTable } from './top-table'

/** The report of a month, for finance. */
export const Monthly = ({ report: { money, incidents } }: { report: MonthlyReport }) => (
  <Column>
    <Columns min={480}>
      <Comparison
        now={money.totals}
        others={[['Month before', money.before]]}
        about="Against the month before."
      />
      <DaysChart days={money.days} />
    </Columns>
    <Incidents incidents={incidents} timeZone="UTC" />
    <TopTable
      title="Countries"
      name="Country"
      rows={money.countries}
      show={({ key }) => (key === '' ? '(none)' : <Country code={key} />)}
    />
    <TopTable
      title="Operators"
      name="Operator"
      rows={money.operators}
      show={({ key }) => (key === '' ? '(none)' : <Foreign text={key} />)}
    />
    <TopTable
      title="Providers"
      name="Provider"
      rows={money.providers}
      of="sends"
      show={({ key }) => <Foreign text={key} />}
    />
  </Column>
)
