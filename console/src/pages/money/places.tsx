import { Button, Group, SegmentedControl } from '@mantine/core'
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

/** Rows, dearest first, before the rest is asked for. */
const FIRST = 12

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
  const [all, setAll] = useState(false)
  const rows = all ? view[by] : view[by].slice(0, FIRST)
  return (
    <Section
      title="Where it went"
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label="By"
          value={by}
          onChange={(value) => {
            setBy(value as By)
            setAll(false)
          }}
          data={[...BY]}
        />
      }
    >
      <DataTable
        key={by}
        label={`Money by ${by}`}
        columns={columnsOf(by)}
        rows={rows}
        rowKey={({ key, parent }) => `${parent}/${key}`}
        sort={{ by: 'spend', desc: true }}
        empty={<Empty title="Nothing was sent" />}
      />
      {view[by].length > FIRST && (
        <Group p="xs" justify="center">
          <Button size="xs" variant="subtle" onClick={() => setAll(!all)}>
            {all ? 'Show the first' : `Show all ${view[by].length}`}
          </Button>
        </Group>
      )}
    </Section>
  )
}
