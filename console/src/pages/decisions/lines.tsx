import { usd } from '../../../../src/engine/money'
import type { DecisionDetail, ShownLine } from '../../../../src/http/console/decisions-view'
import { type DataColumn, DataTable, Empty, Mono } from '../../kit'
import { lineWords } from './words'

const COLUMNS: readonly DataColumn<ShownLine>[] = [
  { id: 'line', header: 'Line', cell: ({ line }) => lineWords(line), phone: 'title' },
  { id: 'key', header: 'Key', cell: ({ key }) => <Mono>{key}</Mono> },
  {
    id: 'cost',
    header: 'Charged',
    align: 'end',
    cell: ({ cost, unit }) =>
      unit === 'micro_usd'
        ? usd(cost)
        : `${Math.round(cost * 100) / 100} message${cost === 1 ? '' : 's'}`,
  },
]

export const Lines = ({ told }: { told: DecisionDetail }) =>
  told.lines.length === 0 ? (
    <Empty title="Nothing was charged">
      {told.verdict === 'allow'
        ? 'The message passed outside the lines: its caller or a list vouches for it.'
        : 'Only a message that is sent is charged.'}
    </Empty>
  ) : (
    <DataTable
      label="Lines charged"
      columns={COLUMNS}
      rows={told.lines}
      rowKey={({ line }) => line}
    />
  )
