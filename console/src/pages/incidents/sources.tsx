import type { IncidentView } from '../../../../src/http/console/incidents-view'
import { Count, DataTable, Empty, Money, Mono, Percent, Section, share } from '../../kit'
import { PlaybookButton } from '../../playbook/playbook-button'
import { kindName } from '../../playbook/words'

/** Where the requests come from, by how much more often than elsewhere. */
export const Sources = ({ incident }: { incident: IncidentView }) => (
  <Section
    title="Sources"
    about="Share of the incident’s requests, and how many times that of everybody else’s."
    flush
  >
    <DataTable
      label="Sources of the incident"
      columns={[
        {
          id: 'source',
          header: 'Source',
          phone: 'title',
          cell: ({ kind, key }) => (
            <>
              <Mono>{key}</Mono> <small>{kindName(kind)}</small>
            </>
          ),
        },
        {
          id: 'share',
          header: 'Share',
          align: 'end',
          value: (source) => source.share,
          cell: (source) => <Percent share={source.share} />,
        },
        {
          id: 'lift',
          header: 'Lift',
          align: 'end',
          value: ({ lift }) => lift,
          cell: ({ lift }) => `${lift < 10 ? lift.toFixed(1) : Math.round(lift)} times`,
        },
        {
          id: 'act',
          header: 'Playbook',
          role: 'analyst',
          align: 'end',
          cell: ({ kind, key }) => (
            <PlaybookButton
              target={{ kind, key, service: incident.service }}
              incidentId={incident.id}
            />
          ),
        },
      ]}
      rows={incident.sources}
      rowKey={({ kind, key }) => `${kind} ${key}`}
      empty={
        <Empty title="No source stands out">
          The requests come from so many addresses and devices that blocking one of them would
          change nothing. Act on the ranges.
        </Empty>
      }
    />
  </Section>
)

/** Whose ranges they are. */
export const Operators = ({ incident }: { incident: IncidentView }) => (
  <Section title="Operators" flush>
    <DataTable
      label="Operators of the incident"
      columns={[
        {
          id: 'operator',
          header: 'Operator',
          phone: 'title',
          value: ({ key }) => key,
          cell: ({ key }) => <bdi>{key}</bdi>,
        },
        {
          id: 'requests',
          header: 'Requests',
          align: 'end',
          value: ({ requests }) => requests,
          cell: ({ requests }) => <Count value={requests} />,
        },
        {
          id: 'verified',
          header: 'Conversion',
          align: 'end',
          value: ({ verified, sent }) => share(verified, sent),
          cell: ({ verified, sent }) => <Percent share={share(verified, sent)} />,
        },
        {
          id: 'spent',
          header: 'Spent',
          align: 'end',
          value: ({ spentMicroUsd }) => spentMicroUsd,
          cell: ({ spentMicroUsd }) => <Money micro={spentMicroUsd} />,
        },
        {
          id: 'act',
          header: 'Playbook',
          role: 'analyst',
          align: 'end',
          cell: ({ key }) => (
            <PlaybookButton
              target={{ kind: 'operator', key, service: incident.service }}
              incidentId={incident.id}
            />
          ),
        },
      ]}
      rows={incident.findings.operators}
      rowKey={({ key }) => key}
      sort={{ by: 'spent', desc: true }}
      empty={<Empty title="None of its requests are kept any more" />}
    />
  </Section>
)
