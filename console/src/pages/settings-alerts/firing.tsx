import type { AlarmView, AlertsView } from '../../../../src/http/console/alerts-view'
import {
  Ago,
  type DataColumn,
  DataTable,
  Empty,
  Foreign,
  Loaded,
  Section,
  StateBadge,
  useApi,
  When,
} from '../../kit'
import { SeverityBadge } from './severity'

const COLUMNS: readonly DataColumn<AlarmView>[] = [
  {
    id: 'title',
    header: 'Alert',
    phone: 'title',
    cell: ({ title }) => <Foreign text={title} />,
  },
  {
    id: 'severity',
    header: 'Severity',
    cell: ({ severity }) => <SeverityBadge severity={severity} />,
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ state }) =>
      state === 'firing' ? <StateBadge tone="bad">firing</StateBadge> : 'resolved',
  },
  { id: 'fired', header: 'Fired', cell: ({ firedAt }) => <Ago at={firedAt} /> },
  {
    id: 'resolved',
    header: 'Resolved',
    cell: ({ resolvedAt }) => (resolvedAt === null ? '–' : <When at={resolvedAt} />),
  },
]

/** What fires now, and what fired of late. */
export function Firing() {
  const alerts = useApi<AlertsView>('alerts')
  return (
    <Section title="Alerts" about="Those that fire, then the last that were resolved." flush>
      <Loaded query={alerts}>
        {({ firing, past }) => (
          <DataTable
            label="Alerts"
            columns={COLUMNS}
            rows={[...firing, ...past.slice(0, 15)]}
            rowKey={({ id }) => id}
            link={({ page }) => page}
            empty={
              <Empty title="Nothing fires">
                All rules below are watched every fifteen seconds.
              </Empty>
            }
          />
        )}
      </Loaded>
    </Section>
  )
}
