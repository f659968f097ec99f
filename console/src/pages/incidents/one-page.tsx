import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useParams } from 'wouter'
import type { IncidentView } from '../../../../src/http/console/incidents-view'
import {
  Column,
  Columns,
  Count,
  Figure,
  Figures,
  Loaded,
  Money,
  PageTitle,
  Section,
  useApi,
  useMe,
  When,
} from '../../kit'
import { MeasuresTable } from '../../playbook/measures-table'
import { Analysis } from './analysis'
import { BoundBy } from './bound-by'
import { Contain } from './contain'
import { IncidentState } from './incident-state'
import { MoneyChart } from './money-chart'
import { Notes } from './notes'
import { Ranges } from './ranges'
import { Operators, Sources } from './sources'
import { Timeline } from './timeline'
import { incidentTitle, lasted } from './words'

function Evidence({ id }: { id: string }) {
  const me = useMe()
  if (!me.can('analyst')) return null
  const path = `/v1/console/incidents/${encodeURIComponent(id)}/evidence`
  return (
    <Button.Group>
      {(['csv', 'json'] as const).map((format) => (
        <Button
          key={format}
          component="a"
          href={`${path}.${format}`}
          download
          variant="default"
          size="sm"
          {...(format === 'csv' && { leftSection: <IconDownload size={16} aria-hidden /> })}
        >
          {format === 'csv' ? 'Evidence CSV' : 'JSON'}
        </Button>
      ))}
    </Button.Group>
  )
}

function Shown({ incident }: { incident: IncidentView }) {
  return (
    <>
      <PageTitle
        title={incidentTitle(incident)}
        about={
          <>
            <IncidentState incident={incident} /> in {incident.service}. First message{' '}
            <When at={incident.firstSendAt} />, opened <When at={incident.openedAt} />
            {incident.closedAt !== null && (
              <>
                , closed <When at={incident.closedAt} />
              </>
            )}
            .{incident.monitor && ' The service is in monitor mode: nothing is refused.'}
          </>
        }
        actions={
          <>
            {incident.kind === 'attack' && <Evidence id={incident.id} />}
            <Contain incident={incident} />
          </>
        }
      />
      <Column>
        <Figures>
          <Figure
            label="Lost"
            value={<Money micro={incident.lostMicroUsd} />}
            tone={incident.lostMicroUsd > 0 ? 'bad' : 'plain'}
            about="beyond what its people usually cost"
          />
          <Figure
            label="Saved"
            value={<Money micro={incident.savedMicroUsd} />}
            tone="good"
            about="refused, each number once an hour"
          />
          <Figure label="Contained in" value={lasted(incident)} about="from first send" />
          <Figure
            label="Numbers refused"
            value={<Count value={incident.refusedNumbers} />}
            about={
              <>
                <Count value={incident.falsePositives} /> of them verified later: people
              </>
            }
          />
        </Figures>
        {incident.measureRows.length > 0 && (
          <Section title="Measures in force for it" flush>
            <MeasuresTable measures={incident.measureRows} />
          </Section>
        )}
        {incident.rangeRows.length > 0 && <Ranges incident={incident} />}
        <MoneyChart incident={incident} />
        <Columns min={380}>
          <Timeline incident={incident} />
          <BoundBy incident={incident} />
        </Columns>
        {incident.kind === 'attack' && (
          <Columns min={420}>
            <Sources incident={incident} />
            <Operators incident={incident} />
          </Columns>
        )}
        <Notes incident={incident} />
        <Analysis incident={incident} />
      </Column>
    </>
  )
}

/** One incident: what happened, what it cost, and what to do about it. */
export function Page() {
  const { id = '' } = useParams<{ id: string }>()
  const query = useApi<IncidentView>(`incidents/${encodeURIComponent(id)}`, undefined, {
    live: ['incident', 'playbook'],
  })
  return <Loaded query={query}>{(incident) => <Shown incident={incident} />}</Loaded>
}
