import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import type {
  BacktestResult,
  ChangedRequest,
  CountryCompared,
  Figures as Tallied,
} from '../../../../src/desk/backtest/backtest-result'
import {
  Count,
  Country,
  type DataColumn,
  DataTable,
  Empty,
  Money,
  Mono,
  StateBadge,
  VerdictBadge,
  When,
} from '../../kit'
import classes from './policy.module.css'

const money = (micro: number): ReactNode => <Money micro={micro} />
const whole = (value: number): ReactNode => <Count value={value} />

/** What is compared: its name, how it is shown, and whether more of it is worse. */
const LINES: readonly [
  name: keyof Tallied,
  label: string,
  show: (value: number) => ReactNode,
  worse: 'more' | 'less' | null,
][] = [
  ['requests', 'Requests', whole, null],
  ['allowed', 'Allowed', whole, null],
  ['challenged', 'Challenged', whole, null],
  ['held', 'Held', whole, null],
  ['denied', 'Denied', whole, null],
  ['sent', 'Messages', whole, null],
  ['verified', 'Verified', whole, 'less'],
  ['spendMicroUsd', 'Spend', money, null],
  ['wastedMicroUsd', 'Wasted', money, 'more'],
  ['verifiedRefused', 'People refused', whole, 'more'],
  ['verifiedChallenged', 'People challenged', whole, 'more'],
]

function Change({
  from,
  to,
  show,
  worse,
}: {
  from: number
  to: number
  show: (value: number) => ReactNode
  worse: 'more' | 'less' | null
}) {
  if (from === to) return <span className={classes.was}>as now</span>
  const bad = worse !== null && to > from === (worse === 'more')
  return (
    <span data-tone={worse === null ? undefined : bad ? 'bad' : 'good'} className={classes.change}>
      {to > from ? '+' : '−'}
      {show(Math.abs(to - from))}
    </span>
  )
}

/** A replay's figures, by country and by reason, and some of the requests that change. */
export function ReplayResult({ result }: { result: BacktestResult }) {
  const { current, proposed, rows, byCountry, byReason, changes, changed, assumptions } = result
  if (rows === 0)
    return (
      <Empty title="Nothing was recorded in this time">
        A replay needs requests. Take a longer time, or come back when there was some traffic.
      </Empty>
    )
  const differing = byCountry.filter(
    ({ current: a, proposed: b }) => a.sent !== b.sent || a.verifiedRefused !== b.verifiedRefused,
  )
  const reasons = byReason.filter(({ current: a, proposed: b }) => a !== b)
  return (
    <div className={classes.stack}>
      <div className={classes.scroll}>
        <table className={classes.table} aria-label="The policy in force and the proposed one">
          <thead>
            <tr>
              <th scope="col">
                <span className={classes.hidden}>What</span>
              </th>
              <th scope="col" data-align="end">
                In force
              </th>
              <th scope="col" data-align="end">
                Proposed
              </th>
              <th scope="col" data-align="end">
                Difference
              </th>
            </tr>
          </thead>
          <tbody>
            {LINES.map(([name, label, show, worse]) => (
              <tr key={name}>
                <th scope="row">{label}</th>
                <td data-align="end">{show(current[name])}</td>
                <td data-align="end">{show(proposed[name])}</td>
                <td data-align="end">
                  <Change from={current[name]} to={proposed[name]} show={show} worse={worse} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {changes.length === 0 ? (
        <Empty title="No verdict changes">
          Every one of <Count value={rows} /> requests would have been treated as it is now.
        </Empty>
      ) : (
        <>
          <ul className={classes.changes} aria-label="Changes of verdict">
            {changes.map(({ before, after, requests, people }) => (
              <li key={`${before} ${after}`}>
                <VerdictBadge verdict={before} /> → <VerdictBadge verdict={after} />{' '}
                <Count value={requests} /> {requests === 1 ? 'request' : 'requests'}
                {people > 0 && (
                  <>
                    , <Count value={people} /> of people
                  </>
                )}
              </li>
            ))}
          </ul>
          {differing.length > 0 && <Countries rows={differing} />}
          {reasons.length > 0 && <Reasons rows={reasons.slice(0, 12)} />}
          <Samples rows={changed} />
        </>
      )}
      <details className={classes.assumptions}>
        <summary>What this takes for granted</summary>
        <ul>
          {assumptions.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </details>
    </div>
  )
}

const COUNTRY: readonly DataColumn<CountryCompared>[] = [
  {
    id: 'country',
    header: 'Country',
    phone: 'title',
    value: ({ country }) => country,
    cell: ({ country }) =>
      country === '*' ? 'all others' : country === '' ? 'no country' : <Country code={country} />,
  },
  {
    id: 'sent',
    header: 'Messages',
    align: 'end',
    value: ({ proposed, current }) => proposed.sent - current.sent,
    cell: ({ current: a, proposed: b }) => (
      <Change from={a.sent} to={b.sent} show={whole} worse={null} />
    ),
  },
  {
    id: 'spend',
    header: 'Spend',
    align: 'end',
    value: ({ proposed, current }) => proposed.spendMicroUsd - current.spendMicroUsd,
    cell: ({ current: a, proposed: b }) => (
      <Change from={a.spendMicroUsd} to={b.spendMicroUsd} show={money} worse={null} />
    ),
  },
  {
    id: 'wasted',
    header: 'Wasted',
    align: 'end',
    value: ({ proposed, current }) => proposed.wastedMicroUsd - current.wastedMicroUsd,
    cell: ({ current: a, proposed: b }) => (
      <Change from={a.wastedMicroUsd} to={b.wastedMicroUsd} show={money} worse="more" />
    ),
  },
  {
    id: 'people',
    header: 'People refused',
    align: 'end',
    value: ({ proposed, current }) => proposed.verifiedRefused - current.verifiedRefused,
    cell: ({ current: a, proposed: b }) => (
      <Change from={a.verifiedRefused} to={b.verifiedRefused} show={whole} worse="more" />
    ),
  },
]

/** Countries shown before somebody asks for all. */
const FIRST = 8

/** How much a country changes: people weigh more than any money. */
const weight = ({ current: a, proposed: b }: CountryCompared): number =>
  Math.abs(b.verifiedRefused - a.verifiedRefused) * 1e9 +
  Math.abs(b.spendMicroUsd - a.spendMicroUsd)

function Countries({ rows }: { rows: readonly CountryCompared[] }) {
  const [all, setAll] = useState(false)
  const ordered = [...rows].sort((a, b) => weight(b) - weight(a))
  return (
    <div>
      <DataTable
        label="Countries that change"
        columns={COUNTRY}
        rows={all ? ordered : ordered.slice(0, FIRST)}
        rowKey={({ country }) => country}
      />
      {!all && rows.length > FIRST && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
          All {rows.length} countries
        </Button>
      )}
    </div>
  )
}

const Reasons = ({ rows }: { rows: BacktestResult['byReason'] }) => (
  <DataTable
    label="Reasons that change"
    columns={[
      {
        id: 'code',
        header: 'Reason',
        phone: 'title',
        cell: ({ code }) => <Mono>{code}</Mono>,
      },
      { id: 'now', header: 'In force', align: 'end', cell: (row) => whole(row.current) },
      { id: 'then', header: 'Proposed', align: 'end', cell: (row) => whole(row.proposed) },
    ]}
    rows={rows}
    rowKey={({ code }) => code}
  />
)

const SAMPLE: readonly DataColumn<ChangedRequest>[] = [
  {
    id: 'at',
    header: 'Asked',
    phone: 'title',
    cell: ({ id, at }) => (
      <Link href={`/decisions/${encodeURIComponent(id)}`} className={classes.link}>
        <When at={at} />
      </Link>
    ),
  },
  { id: 'country', header: 'Country', cell: ({ country }) => <Country code={country} /> },
  { id: 'before', header: 'In force', cell: ({ before }) => <VerdictBadge verdict={before} /> },
  { id: 'after', header: 'Proposed', cell: ({ after }) => <VerdictBadge verdict={after} /> },
  {
    id: 'reason',
    header: 'Reason',
    cell: ({ reason }) => (reason === null ? '–' : <Mono>{reason}</Mono>),
  },
  {
    id: 'person',
    header: 'Was verified',
    cell: ({ wasVerified }) => (wasVerified ? <StateBadge tone="good">Verified</StateBadge> : 'no'),
  },
]

const Samples = ({ rows }: { rows: readonly ChangedRequest[] }) => (
  <>
    <h3 className={classes.h3}>Some of the requests that change</h3>
    <DataTable label="Requests that change" columns={SAMPLE} rows={rows} rowKey={({ id }) => id} />
  </>
)
