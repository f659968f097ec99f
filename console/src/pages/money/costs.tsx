import type { MoneyView } from '../../../../src/http/console/money-view'
import { type DataColumn, DataTable, Money, Section, usd } from '../../kit'

type Cost = MoneyView['costs'][number]

const COLUMNS: readonly DataColumn<Cost>[] = [
  {
    id: 'title',
    header: 'Paid',
    phone: 'title',
    cell: ({ title, about }) => <span title={about}>{title}</span>,
  },
  {
    id: 'total',
    header: 'The month',
    align: 'end',
    cell: ({ totalMicroUsd }) => <Money micro={totalMicroUsd} />,
  },
  {
    id: 'each',
    header: 'A verified code',
    align: 'end',
    cell: ({ perVerifiedMicroUsd }) => <Money micro={perVerifiedMicroUsd} />,
  },
]

/** Per message against per success, on the traffic there was. */
export const Costs = ({ costs, totals }: Pick<MoneyView, 'costs' | 'totals'>) => (
  <Section
    title="Per message or per success"
    about={
      totals.verified > 0
        ? `A contract that charges verified codes and nothing else pays below ${usd(totals.spendMicroUsd / totals.verified)} a code. Vendors with list prices charge every message besides, pumped or not.`
        : 'What this traffic would cost with vendors that charge for verified codes.'
    }
    flush
  >
    <DataTable label="Cost models" columns={COLUMNS} rows={costs} rowKey={({ title }) => title} />
  </Section>
)
