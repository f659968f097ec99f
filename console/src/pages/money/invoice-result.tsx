import { Button, Group, List, SegmentedControl } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import type { Compared } from '../../../../src/audit/reconcile/reconciliation'
import type { InvoiceView } from '../../../../src/http/console/money-view'
import { Count, Country, type DataColumn, DataTable, Facts, Foreign, saveFile } from '../../kit'

type By = 'byCountry' | 'byOperator' | 'byDay'

const amount = (value: number, currency: string): string =>
  `${currency} ${value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`

const columnsOf = (by: By, currency: string): DataColumn<Compared>[] => {
  const column = (
    id: string,
    header: string,
    of: (row: Compared) => { messages: number; money: number },
  ): DataColumn<Compared>[] => [
    {
      id: `${id}-n`,
      header: `${header}, messages`,
      align: 'end',
      value: (row) => of(row).messages,
      cell: (row) => <Count value={of(row).messages} />,
    },
    {
      id,
      header,
      align: 'end',
      value: (row) => of(row).money,
      cell: (row) => amount(of(row).money, currency),
    },
  ]
  return [
    {
      id: 'key',
      header: by === 'byCountry' ? 'Country' : by === 'byOperator' ? 'Operator' : 'Day',
      phone: 'title',
      value: ({ key }) => key,
      cell: ({ key }) => (by === 'byCountry' ? <Country code={key} /> : <Foreign text={key} />),
    },
    ...column('billed', 'Billed', ({ billed }) => billed),
    ...column('sent', 'Sent', ({ sent }) => sent),
    ...column('never', 'Never sent', ({ neverSent }) => neverSent),
    {
      id: 'price',
      header: 'Dearer',
      align: 'end',
      value: ({ price }) => price,
      cell: ({ price }) => amount(price, currency),
    },
  ]
}

/** The differences, in money, and as files. */
export function InvoiceResult({ view }: { view: InvoiceView }) {
  const [by, setBy] = useState<By>('byCountry')
  const { result, csv, file } = view
  const { currency } = result
  const money = (of: { messages: number; money: number }): string =>
    `${amount(of.money, currency)} (${of.messages.toLocaleString('en')})`
  return (
    <>
      <Facts
        of={[
          ['File', <Foreign key="f" text={file} />],
          ['Billed', money(result.billed)],
          ['Expected', money(result.expected)],
          ['Never sent', money(result.neverSent)],
          ['Billed twice', money(result.billedTwice)],
          ['Dearer than expected', money(result.price)],
          ['Sent and not billed', money(result.notBilled)],
        ]}
      />
      {result.notes.length > 0 && (
        <List size="sm" my="md">
          {result.notes.map((note) => (
            <List.Item key={note}>{note}</List.Item>
          ))}
        </List>
      )}
      <Group my="md" justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="Differences by"
          value={by}
          onChange={(value) => setBy(value as By)}
          data={[
            { value: 'byCountry', label: 'Country' },
            { value: 'byOperator', label: 'Operator' },
            { value: 'byDay', label: 'Day' },
          ]}
        />
        <Group gap="xs">
          {Object.entries(csv).map(([name, text]) => (
            <Button
              key={name}
              size="compact-xs"
              variant="default"
              leftSection={<IconDownload size={12} aria-hidden />}
              onClick={() => saveFile(name, 'text/csv', text)}
            >
              {name}
            </Button>
          ))}
        </Group>
      </Group>
      <DataTable
        key={by}
        label="Differences"
        columns={columnsOf(by, currency)}
        rows={result[by]}
        rowKey={({ key }) => key}
        sort={{ by: by === 'byDay' ? 'key' : 'never', desc: by !== 'byDay' }}
      />
    </>
  )
}
