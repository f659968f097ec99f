import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { MoneyView } from '../../../../src/http/console/money-view'
import { Column, Columns, Empty, Loaded, PageTitle, useApi } from '../../kit'
import { Caps } from './caps'
import { Costs } from './costs'
import { DaysChart } from './days-chart'
import { ExportMoney } from './export-money'
import { FrictionCard } from './friction'
import { Invoice } from './invoice'
import { monthName } from './month-name'
import { Places } from './places'
import { Totals } from './totals'

/** Money: what a month cost, what came of it, and what the provider says about it. */
export function Page() {
  const [month, setMonth] = useState<string | null>(null)
  const money = useApi<MoneyView>('money', month === null ? {} : { month })
  return (
    <>
      <PageTitle
        title="Money"
        about="Months of UTC, as spend caps have them. Wasted: messages whose code never came back, and failed ones."
        actions={
          money.data !== undefined && (
            <>
              <NativeSelect
                aria-label="Month"
                value={month ?? money.data.month}
                onChange={(event) => setMonth(event.currentTarget.value)}
                data={money.data.months.map((value) => ({ value, label: monthName(value) }))}
              />
              <ExportMoney money={money.data} />
            </>
          )
        }
      />
      <Loaded query={money}>
        {(view) => (
          <Column>
            <Totals view={view} />
            {view.totals.requests === 0 ? (
              <Empty title="No traffic in this month">
                Amounts appear with the first message that is sent through the gateway.
              </Empty>
            ) : (
              <>
                <DaysChart days={view.days} />
                <Places view={view} />
              </>
            )}
            <Caps caps={view.caps} />
            <Columns min={420}>
              <Costs costs={view.costs} totals={view.totals} />
              <FrictionCard friction={view.friction} />
            </Columns>
            <Invoice />
          </Column>
        )}
      </Loaded>
    </>
  )
}
