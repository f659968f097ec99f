import { useMemo } from 'react'
import type { RangeRow, RangesView } from '../../../../src/http/console/ranges-view'
import { type DataColumn, DataTable, Empty, Mono } from '../../kit'
import { PlaybookButton } from '../../playbook/playbook-button'
import { columnOf, trafficColumns } from '../../traffic/columns'
import { Credit } from '../../traffic/credit'
import { Marks } from '../../traffic/marks'
import classes from '../../traffic/traffic.module.css'
import type { TrafficQuery } from '../../traffic/use-traffic-query'
import { LEVELS, placeOf, rangeName, targetOf } from './range-words'

/** @param mixed ranges of different depths: each says what it is and where it lies */
export function RangeTable({
  view,
  label,
  at,
  mixed = false,
}: {
  view: RangesView
  label: string
  at: TrafficQuery
  mixed?: boolean
}) {
  const columns = useMemo<readonly DataColumn<RangeRow>[]>(
    () => [
      {
        id: 'range',
        header: 'Range',
        phone: 'title',
        value: ({ level, key }) => rangeName(level, key),
        cell: (row) => (
          <span className={classes.first}>
            <span className={classes.name}>
              <RangeName row={row} />
              {mixed && <span className={classes.sub}>{where(row)}</span>}
            </span>
            <Marks marks={row.marks} />
          </span>
        ),
      },
      ...trafficColumns<RangeRow>(view.span),
      {
        id: 'credit',
        header: 'Credit used now',
        align: 'end',
        value: ({ credit }) => credit?.utilisation ?? null,
        cell: ({ credit }) => <Credit credit={credit} />,
      },
      {
        id: 'act',
        header: 'Measures',
        role: 'analyst',
        align: 'end',
        cell: (row) => <PlaybookButton target={targetOf(row)} />,
      },
    ],
    [view.span, mixed],
  )
  return (
    <>
      <DataTable
        key={at.by}
        label={label}
        columns={columns}
        rows={view.rows}
        rowKey={({ level, key }) => `${level} ${key}`}
        sort={{ by: columnOf(at.by), desc: true }}
        link={(row) => at.to('/ranges', placeOf(row))}
        empty={
          <Empty title="No requests in this time">
            Choose a longer time above. Blocks and sub-blocks that were asked for once or twice in
            an hour are counted with their operator only.
          </Empty>
        }
      />
      {view.more && (
        <p className={classes.foot}>
          The largest {view.rows.length} are shown. Look for others by their prefix.
        </p>
      )}
    </>
  )
}

const RangeName = ({ row: { level, key } }: { row: RangeRow }) =>
  level === 'block' || level === 'subBlock' ? (
    <Mono>{rangeName(level, key)}</Mono>
  ) : (
    <bdi>{rangeName(level, key)}</bdi>
  )

function where({ level, country, operator }: RangeRow): string {
  const one = LEVELS[level].one
  if (level === 'country' || country === '') return one
  const of = level === 'operator' || operator === null ? '' : `${rangeName('operator', operator)}, `
  return `${one}, ${of}${rangeName('country', country)}`
}
