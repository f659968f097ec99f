import type { Figures } from '../../../../src/report/figures'
import { type DataColumn, Money, Percent } from '../../kit'

/** What came back and what it cost: the last columns of every table of a report. */
export const moneyColumns: readonly DataColumn<
  Pick<Figures, 'conversion' | 'spendMicroUsd' | 'wastedMicroUsd'>
>[] = [
  {
    id: 'conversion',
    header: 'Verified',
    align: 'end',
    value: ({ conversion }) => conversion,
    cell: ({ conversion }) => <Percent share={conversion} />,
  },
  {
    id: 'spend',
    header: 'Spend',
    align: 'end',
    value: ({ spendMicroUsd }) => spendMicroUsd,
    cell: ({ spendMicroUsd }) => <Money micro={spendMicroUsd} />,
  },
  {
    id: 'wasted',
    header: 'Wasted',
    align: 'end',
    value: ({ wastedMicroUsd }) => wastedMicroUsd,
    cell: ({ wastedMicroUsd }) => <Money micro={wastedMicroUsd} />,
  },
]
