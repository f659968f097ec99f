import { Text } from '@mantine/core'
import type { IncidentRow, IncidentsView } from '../../../../src/http/console/incidents-view'
import type { PastMeasuresView, PlaybookView } from '../../../../src/http/console/playbook-view'
import {
  Column,
  Count,
  count,
  type DataColumn,
  DataTable,
  Empty,
  ExportPages,
  Failed,
  Loaded,
  Loading,
  Money,
  Mono,
  PageTitle,
  Section,
  useApi,
  usePages,
  When,
} from '../../kit'
import { MeasuresTable, PastMeasures } from '../../playbook/measures-table'
import { IncidentState } from './incident-state'
import { incidentTable } from './incident-table'
import { countriesText, lasted } from './words'

const columns: DataColumn<IncidentRow>[] = [
  {
    id: 'where',
    header: 'Where',
    phone: 'title',
    value: ({ countries }) => countries.join(),
    cell: ({ kind, countries }) => (
      <span>
        {kind === 'outage' ? 'Outage: ' : ''}
        {countriesText(countries)}
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    value: ({ state }) => state,
    cell: (incident) => <IncidentState incident={incident} />,
  },
  {
    id: 'service',
    header: 'Service',
    value: ({ service }) => service,
    cell: ({ service }) => service,
  },
  {
    id: 'ranges',
    header: 'Ranges',
    value: ({ ranges }) => ranges,
    cell: ({ topRanges, ranges }) => (
      <span>
        {topRanges.map((range) => (
          <span key={range}>
            <Mono>{range}</Mono>{' '}
          </span>
        ))}
        {ranges > topRanges.length && `and ${ranges - topRanges.length} more`}
      </span>
    ),
  },
  {
    id: 'began',
    header: 'First send',
    align: 'end',
    value: ({ firstSendAt }) => firstSendAt,
    cell: ({ firstSendAt }) => <When at={firstSendAt} />,
  },
  { id: 'lasted', header: 'Contained in', align: 'end', cell: (incident) => lasted(incident) },
  {
    id: 'lost',
    header: 'Lost',
    align: 'end',
    value: ({ lostMicroUsd }) => lostMicroUsd,
    cell: ({ lostMicroUsd }) => <Money micro={lostMicroUsd} />,
  },
  {
    id: 'saved',
    header: 'Saved',
    align: 'end',
    value: ({ savedMicroUsd }) => savedMicroUsd,
    cell: ({ savedMicroUsd }) => <Money micro={savedMicroUsd} />,
  },
  {
    id: 'refused',
    header: 'Numbers refused',
    align: 'end',
    phone: 'hidden',
    value: ({ refusedNumbers }) => refusedNumbers,
    cell: ({ refusedNumbers }) => <Count value={refusedNumbers} />,
  },
]

const link = ({ id }: IncidentRow): string => `/incidents/${id}`
const rowKey = ({ id }: IncidentRow): string => id

function Measures() {
  const inForce = useApi<PlaybookView>('playbook')
  return (
    <Section
      title="Measures in force"
      about="What people and the automatic playbook have ordered. Each ends by itself."
      flush
    >
      <div id="measures">
        <Loaded query={inForce}>
          {({ inForce, quarantined, quarantinedUntil }) => (
            <>
              {quarantined > 0 && (
                <Text size="sm" px="md" py="xs">
                  {quarantined === 1 ? 'One range is' : `${count(quarantined)} ranges are`} in
                  quarantine by the detector itself, until <When at={quarantinedUntil} /> at the
                  latest.
                </Text>
              )}
              {inForce.length === 0 ? (
                <Empty title="Nobody has ordered anything">
                  Open an incident, a range, a network or a country to block, throttle or challenge
                  it.
                </Empty>
              ) : (
                <MeasuresTable measures={inForce} />
              )}
            </>
          )}
        </Loaded>
      </div>
    </Section>
  )
}

function Past() {
  const past = usePages<PastMeasuresView>('playbook/past', {}, { live: ['playbook'] })
  if (past.rows.length === 0) return null
  return (
    <Section title="Measures before" flush>
      <PastMeasures measures={past.rows} more={past.more} />
    </Section>
  )
}

/** Attacks and outages, and what is ordered against them. */
export function Page() {
  const pages = usePages<IncidentsView>('incidents', {}, { live: ['incident', 'playbook'] })
  const running = pages.data?.pages[0]?.running ?? []
  return (
    <>
      <PageTitle
        title="Incidents"
        about="Attacks on your money and outages of routes, as the detector names them."
        actions={
          <ExportPages<IncidentsView>
            name="tollgate-incidents.csv"
            path="incidents"
            table={incidentTable}
          />
        }
      />
      <Column>
        {pages.data === undefined ? (
          pages.error ? (
            <Failed error={pages.error} retry={() => void pages.refetch()} />
          ) : (
            <Loading lines={6} />
          )
        ) : (
          <>
            <Section
              title="Running"
              about={
                running.length > 0
                  ? 'Open: money flows. Contained: its rate is back under twice the usual.'
                  : undefined
              }
              flush
            >
              {running.length === 0 ? (
                <Empty title="Nothing is attacked">
                  An incident opens when ranges stop verifying and chance does not explain it.
                  Alerts tell you, wherever you are: set them up under Settings.
                </Empty>
              ) : (
                <DataTable
                  label="Running incidents"
                  columns={columns}
                  rows={running}
                  rowKey={rowKey}
                  link={link}
                  sort={{ by: 'lost', desc: true }}
                />
              )}
            </Section>
            <Measures />
            <Section title="Closed" flush>
              <DataTable
                label="Closed incidents"
                columns={columns}
                rows={pages.rows}
                rowKey={rowKey}
                link={link}
                more={pages.more}
                empty={
                  <Empty title="No incident has closed yet">
                    They stay here, with their figures, notes and evidence.
                  </Empty>
                }
              />
            </Section>
            <Past />
          </>
        )}
      </Column>
    </>
  )
}
