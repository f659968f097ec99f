import type { ReactNode } from 'react'
import type { AskedMost } from '../../../../src/report/figures'
import { Count, type DataColumn, DataTable, Empty, Section } from '../../kit'
import { moneyColumns } from './money-columns'

const REQUESTS: DataColumn<AskedMost> = {
  id: 'requests',
  header: 'Requests',
  align: 'end',
  value: ({ requests }) => requests,
  cell: ({ requests }) => <Count value={requests} />,
}

/** The ten of a kind that asked most. */
export function TopTable({
  title,
  name,
  rows,
  show,
  of = 'requests',
  empty = 'Nothing was asked for',
}: {
  title: string
  name: string
  rows: readonly AskedMost[]
  show: (row: AskedMost) => ReactNode
  /** `sends`: of what is known by its sends alone @default requests */
  of?: 'requests' | 'sends'
  empty?: string
}) {
  const columns: DataColumn<AskedMost>[] = [
    { id: 'key', header: name, phone: 'title', cell: show },
    ...(of === 'requests' ? [REQUESTS] : []),
    {
      id: 'sends',
      header: 'Sent',
      align: 'end',
      value: ({ sends }) => sends,
      cell: ({ sends }) => <Count value={sends} />,
    },
    ...moneyColumns,
  ]
  return (
    <Section title={title} flush>
      <DataTable
        label={title}
        columns={columns}
        rows={rows}
        rowKey={({ parent, key }) => `${parent}/${key}`}
        sort={{ by: of, desc: true }}
        empty={<Empty title={empty} />}
      />
    </Section>
  )
}
