import type { SpanView, Traffic } from '../../../src/http/console/ranges-view'
import { Count, count, type DataColumn, Money, Percent, percent } from '../kit'
import { Sparkline } from './sparkline'
import classes from './traffic.module.css'

/** Conversion, and beside it what is usual. */
export const Conversion = ({ of }: { of: Traffic }) => (
  <span>
    <span {...(of.against === 'alarm' && { className: classes.below })}>
      <Percent share={of.conversion} />
    </span>
    {of.usual !== null && <span className={classes.usual}>usually {percent(of.usual)}</span>}
  </span>
)

/** Columns that ranges and sources have in common. */
export const trafficColumns = <Row extends Traffic>(span: SpanView): DataColumn<Row>[] => [
  {
    id: 'trend',
    header: 'Trend',
    phone: 'hidden',
    cell: ({ trend }) => (
      <Sparkline
        values={trend}
        label={`${count(trend.at(-1) ?? 0)} requests in the last ${span.buckets.length > 24 && span.name.endsWith('h') ? 'hour' : 'bucket'}, at most ${count(Math.max(0, ...trend))}`}
      />
    ),
  },
  {
    id: 'requests',
    header: 'Requests',
    align: 'end',
    value: ({ requests }) => requests,
    cell: ({ requests }) => <Count value={requests} />,
  },
  {
    id: 'sends',
    header: 'Sends',
    align: 'end',
    phone: 'hidden',
    value: ({ sends }) => sends,
    cell: ({ sends }) => <Count value={sends} />,
  },
  {
    id: 'conversion',
    header: 'Conversion',
    align: 'end',
    value: ({ conversion }) => conversion,
    cell: (row) => <Conversion of={row} />,
  },
  {
    id: 'spend',
    header: 'Spend',
    align: 'end',
    phone: 'hidden',
    value: ({ spend }) => spend,
    cell: ({ spend }) => <Money micro={spend} />,
  },
  {
    id: 'wasted',
    header: 'Wasted',
    align: 'end',
    value: ({ wasted }) => wasted,
    cell: ({ wasted }) => <Money micro={wasted === 0 ? null : wasted} />,
  },
  {
    id: 'saved',
    header: 'Saved',
    align: 'end',
    value: ({ saved }) => saved,
    cell: ({ saved }) => <Money micro={saved === 0 ? null : saved} />,
  },
]

/** The column of `trafficColumns` that says what a table is ordered by. */
export const columnOf = (by: string): string => (by === 'unverified' ? 'wasted' : by)
