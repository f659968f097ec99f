import type { ReportedAlarm, ReportedIncident } from '../../../../src/report/daily'
import {
  countryName,
  type DataColumn,
  DataTable,
  Empty,
  Foreign,
  Money,
  Section,
  StateBadge,
  type Tone,
  WhenIn,
} from '../../kit'

const STATE: Record<ReportedIncident['state'], Tone> = {
  open: 'bad',
  contained: 'warn',
  closed: 'plain',
}
const SEVERITY: Record<string, Tone> = { critical: 'bad', warning: 'warn', info: 'plain' }

const incidentColumns = (timeZone: string): DataColumn<ReportedIncident>[] => [
  {
    id: 'what',
    header: 'Incident',
    phone: 'title',
    cell: ({ kind, service, countries }) => (
      <>
        {kind === 'attack' ? 'Attack' : 'Outage'} on {service},{' '}
        {countries.map((code) => (code === '*' ? 'abroad' : countryName(code))).join(', ')}
      </>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ state }) => <StateBadge tone={STATE[state]}>{state}</StateBadge>,
  },
  {
    id: 'from',
    header: 'First send',
    cell: ({ firstSendAt }) => <WhenIn at={firstSendAt} timeZone={timeZone} />,
  },
  {
    id: 'lost',
    header: 'Lost',
    align: 'end',
    cell: ({ lostMicroUsd }) => <Money micro={lostMicroUsd} />,
  },
  {
    id: 'saved',
    header: 'Saved',
    align: 'end',
    cell: ({ savedMicroUsd }) => <Money micro={savedMicroUsd} />,
  },
]

const alarmColumns = (timeZone: string): DataColumn<ReportedAlarm>[] => [
  {
    id: 'title',
    header: 'Alert',
    phone: 'title',
    cell: ({ title }) => <Foreign text={title} lines="all" />,
  },
  {
    id: 'severity',
    header: 'Severity',
    cell: ({ severity }) => (
      <StateBadge tone={SEVERITY[severity] ?? 'plain'}>{severity}</StateBadge>
    ),
  },
  { id: 'at', header: 'Fired', cell: ({ firedAt }) => <WhenIn at={firedAt} timeZone={timeZone} /> },
  {
    id: 'end',
    header: 'Resolved',
    cell: ({ resolvedAt }) =>
      resolvedAt === null ? 'still firing' : <WhenIn at={resolvedAt} timeZone={timeZone} />,
  },
]

/** @param props.timeZone of the report: its hours and these are the same, whoever reads it where */
export const Incidents = ({
  incidents,
  timeZone,
}: {
  incidents: readonly ReportedIncident[]
  timeZone: string
}) => (
  <Section title="Incidents" flush>
    <DataTable
      label="Incidents"
      columns={incidentColumns(timeZone)}
      rows={incidents}
      rowKey={({ id }) => id}
      link={({ id }) => `/incidents/${encodeURIComponent(id)}`}
      empty={<Empty title="No incident" />}
    />
  </Section>
)

export const Alarms = ({
  alarms,
  timeZone,
}: {
  alarms: readonly ReportedAlarm[]
  timeZone: string
}) => (
  <Section title="Alerts" flush>
    <DataTable
      label="Alerts"
      columns={alarmColumns(timeZone)}
      rows={alarms}
      rowKey={({ rule, title, firedAt }) => `${rule}/${title}/${firedAt}`}
      empty={<Empty title="No alert" />}
    />
  </Section>
)
