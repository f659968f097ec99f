import { Button, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type { ReportLine, ReportsView } from '../../../../src/http/console/reports-view'
import {
  Column,
  Count,
  type DataColumn,
  DataTable,
  Empty,
  ExportPages,
  Failed,
  Loading,
  Money,
  PageTitle,
  Percent,
  Section,
  useMe,
  usePages,
  When,
} from '../../kit'
import { monthName } from '../money/month-name'
import { reportTable } from './report-table'
import { TimeZone } from './time-zone'

type Kind = 'daily' | 'monthly'

const COLUMNS: readonly DataColumn<ReportLine>[] = [
  {
    id: 'of',
    header: 'Report',
    phone: 'title',
    cell: ({ kind, of }) => (kind === 'daily' ? of : monthName(of)),
  },
  {
    id: 'sends',
    header: 'Messages',
    align: 'end',
    cell: ({ sends }) => <Count value={sends} />,
  },
  {
    id: 'conversion',
    header: 'Verified',
    align: 'end',
    cell: ({ conversion }) => <Percent share={conversion} />,
  },
  {
    id: 'spend',
    header: 'Spend',
    align: 'end',
    cell: ({ spendMicroUsd }) => <Money micro={spendMicroUsd} />,
  },
  {
    id: 'wasted',
    header: 'Wasted',
    align: 'end',
    cell: ({ wastedMicroUsd }) => <Money micro={wastedMicroUsd} />,
  },
  {
    id: 'saved',
    header: 'Saved',
    align: 'end',
    cell: ({ savedMicroUsd }) => <Money micro={savedMicroUsd} />,
  },
  {
    id: 'incidents',
    header: 'Incidents',
    align: 'end',
    cell: ({ incidents }) => <Count value={incidents} />,
  },
  { id: 'made', header: 'Made', phone: 'hidden', cell: ({ madeAt }) => <When at={madeAt} /> },
]

/** Reports: one for each day and month with traffic, kept for thirteen months. */
export function Page() {
  const me = useMe()
  const [kind, setKind] = useState<Kind>('daily')
  const reports = usePages<ReportsView>('reports', { kind }, { live: ['report'] })
  const timeZone = reports.data?.pages[0]?.timeZone
  return (
    <>
      <PageTitle
        title="Reports"
        about="Made an hour after midnight, kept for thirteen months, and mailed to the sinks that ask for them."
        actions={
          <Button component={Link} href="/reports/today" variant="default" size="xs">
            Today so far
          </Button>
        }
      />
      <Column>
        <Section
          title={kind === 'daily' ? 'Days' : 'Months'}
          about={
            kind === 'daily' && timeZone !== undefined ? `Days of ${timeZone}.` : 'Months of UTC.'
          }
          flush
          actions={
            <>
              <SegmentedControl
                size="xs"
                aria-label="Kind"
                value={kind}
                onChange={(value) => setKind(value as Kind)}
                data={[
                  { value: 'daily', label: 'Daily' },
                  { value: 'monthly', label: 'Monthly' },
                ]}
              />
              <ExportPages<ReportsView>
                name={`tollgate-reports-${kind}.csv`}
                path="reports"
                query={{ kind }}
                table={reportTable}
              />
            </>
          }
        >
          {reports.error !== null && reports.rows.length === 0 ? (
            <Failed error={reports.error} retry={() => void reports.refetch()} />
          ) : reports.isPending ? (
            <Loading />
          ) : (
            <DataTable
              label="Reports"
              columns={COLUMNS}
              rows={reports.rows}
              rowKey={({ id }) => id}
              link={({ id }) => `/reports/${id}`}
              more={reports.more}
              empty={
                <Empty title="No report yet">
                  {kind === 'daily'
                    ? 'The first one comes an hour after midnight that follows the first traffic.'
                    : 'The first one comes with the first day of the next month.'}
                </Empty>
              }
            />
          )}
        </Section>
        {me.can('admin') && timeZone !== undefined && (
          <TimeZone key={timeZone} timeZone={timeZone} />
        )}
      </Column>
    </>
  )
}
