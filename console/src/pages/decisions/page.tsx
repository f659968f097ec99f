import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useSearch } from 'wouter'
import type { DecisionRow, DecisionsPage } from '../../../../src/http/console/decisions-view'
import {
  Country,
  type DataColumn,
  DataTable,
  Empty,
  ExportRows,
  Failed,
  Loading,
  Mono,
  PageTitle,
  Section,
  useLive,
  usePages,
  VerdictBadge,
  When,
} from '../../kit'
import { CreditBadge } from './credit'
import { DECISION_COLUMNS } from './decision-columns'
import classes from './decisions.module.css'
import { Filters } from './filters'
import { SearchBox } from './search-box'
import { queryOf } from './search-state'

const COLUMNS: readonly DataColumn<DecisionRow>[] = [
  { id: 'at', header: 'Time', cell: ({ at }) => <When at={at} seconds />, phone: 'title' },
  {
    id: 'verdict',
    header: 'Verdict',
    cell: ({ verdict, would, mode }) =>
      mode === 'monitor' && would !== verdict ? (
        <VerdictBadge verdict={would} monitor />
      ) : (
        <VerdictBadge verdict={verdict} />
      ),
  },
  {
    id: 'number',
    header: 'Number',
    cell: ({ number, country }) => (
      <span className={`${classes.stack} ${classes.whole}`}>
        <Mono>{number === '' ? 'not a number' : number}</Mono>
        {country !== '' && (
          <span className={classes.soft}>
            <Country code={country} />
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'why',
    header: 'Why',
    cell: ({ reason, moreReasons }) =>
      reason === null ? (
        <span className={classes.soft}>Nothing spoke against it</span>
      ) : (
        <span className={classes.reason}>
          <bdi className={classes.sentence}>{reason.sentence}</bdi>
          {moreReasons > 0 && <span className={classes.soft}> and {moreReasons} more</span>}
        </span>
      ),
  },
  {
    id: 'source',
    header: 'From',
    cell: ({ ip, asn }) => (
      <span className={`${classes.stack} ${ip?.includes(':') ? '' : classes.whole}`}>
        {ip === null ? <span className={classes.soft}>not told</span> : <Mono>{ip}</Mono>}
        {asn !== null && <span className={classes.soft}>AS{asn}</span>}
      </span>
    ),
  },
  {
    id: 'service',
    header: 'Service',
    cell: ({ service }) => <bdi>{service}</bdi>,
    phone: 'hidden',
  },
  { id: 'score', header: 'Score', align: 'end', cell: ({ score }) => Math.round(score) },
  { id: 'became', header: 'Message', cell: ({ credit }) => <CreditBadge credit={credit} /> },
]

export function Page() {
  const text = useSearch()
  const search = useMemo(() => new URLSearchParams(text), [text])
  const { ahead } = useLive()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a search has one beginning, also while more of it is loaded
  const query = useMemo(() => queryOf(search, Date.now() + ahead), [search])
  const pages = usePages<DecisionsPage>('decisions', query)
  return (
    <>
      <PageTitle
        title="Decisions"
        about="Every request for a code, and why it was sent or not. Open one to see what it rests on, and to let its number through."
      />
      <SearchBox search={search} />
      <Filters search={search} />
      <Section
        title={text === '' ? 'Newest decisions' : 'Decisions found'}
        actions={
          pages.rows.length > 0 && (
            <ExportRows name="tollgate-decisions" columns={DECISION_COLUMNS} pages={pages} />
          )
        }
        flush
      >
        {pages.isPending ? (
          <Loading lines={8} />
        ) : pages.isError && pages.rows.length === 0 ? (
          <Failed error={pages.error} retry={() => void pages.refetch()} />
        ) : (
          <Rows pages={pages} narrowed={text !== ''} />
        )}
      </Section>
    </>
  )
}

function Rows({
  pages,
  narrowed,
}: {
  pages: ReturnType<typeof usePages<DecisionsPage>>
  narrowed: boolean
}) {
  const { rows, more } = pages
  const searchedTo = pages.data?.pages.at(-1)?.searchedTo ?? null
  const empty = more.has ? (
    <Empty title="None so far">
      <p>There is more to look at.</p>
      <Button variant="default" size="xs" loading={more.busy} onClick={more.load}>
        Look further back
      </Button>
    </Empty>
  ) : narrowed ? (
    <Empty title="No decision fits">
      Take a filter away, or check what you typed. Decisions are kept as long as the retention says.
    </Empty>
  ) : (
    <Empty title="No decisions yet">
      The first request that reaches this gateway appears here, with everything its verdict rests
      on.
    </Empty>
  )
  return (
    <>
      <DataTable
        label="Decisions"
        columns={COLUMNS}
        rows={rows}
        rowKey={({ id }) => id}
        link={({ id }) => `/decisions/${id}`}
        more={more}
        empty={empty}
      />
      {narrowed && searchedTo !== null && (
        <p className={classes.looked}>
          Looked back to <When at={searchedTo} />.
        </p>
      )}
    </>
  )
}
