import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { MoneyView } from '../../../../src/http/console/money-view'
import type { FiguresOf } from '../../../../src/report/figures'
import {
  Count,
  Country,
  type DataColumn,
  DataTable,
  Empty,
  Foreign,
  Money,
  Percent,
  Section,
  share,
} from '../../kit'

type By = 'countries' | 'operators' | 'providers'
const BY: readonly { value: By; label: string }[] = [
  { value: 'countries', label: 'Country' },
  { value: 'operators', label: 'Operator' },
  { value: 'providers', label: 'Provider' },
]

const money = (
  id: string,
  header: string,
  of: (row: FiguresOf) => number,
): DataColumn<FiguresOf> => ({
  id,
  header,
  align: 'end',
  value: of,
  cell: (row) => <Money micro={of(row)} />,
})

const columnsOf = (by: By): DataColumn<FiguresOf>[] => [
  {
    id: 'key',
    header: BY.find(({ value }) => value === by)?.label ?? '',
    phone: 'title',
    value: ({ key }) => key,
    cell: ({ key }) =>
      key === '' ? '(none)' : by === 'countries' ? <Country code={key} /> : <Foreign text={key} />,
  },
  {
    id: 'sends',
    header: 'Messages',
    align: 'end',
    value: ({ sends }) => sends,
    cell: ({ sends }) => <Count value={sends} />,
  },
  money('spend', 'Spend', ({ spendMicroUsd }) => spendMicroUsd),
  ...(by === 'providers'
    ? [
        {
          id: 'failed',
          header: 'Failed',
          align: 'end' as const,
          value: (row: FiguresOf) => row.failed,
          cell: (row: FiguresOf) => <Percent share={share(row.failed, row.sends)} />,
        },
      ]
    : [
        {
          id: 'conversion',
          header: 'Verified',
          align: 'end' as const,
          value: (row: FiguresOf) => row.conversion,
          cell: (row: FiguresOf) => <Percent share={row.conversion} />,
        },
        money('wasted', 'Wasted', ({ wastedMicroUsd }) => wastedMicroUsd),
        money('saved', 'Saved', ({ savedMicroUsd }) => savedMicroUsd),
      ]),
]

/** Where the money went: by country, operator or provider. */
export function Places({ view }: { view: MoneyView }) {
  const [by, setBy] = useState<By>('countries')
  return (
    <Section
      title="Where it went"
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label="By"
          value={by}
          onChange={(value) => setBy(value as By)}
          data={[...BY]}
        />
      }
    >
      <DataTable
        key={by}
        label={`Money by ${by}`}
        columns={columnsOf(by)}
        rows={view[by]}
        rowKey={({ key, parent }) => `${parent}/${key}`}
        sort={{ by: 'spend', desc: true }}
        empty={<Empty title="Nothing was sent" />}
      />
    </Section>
  )
}
