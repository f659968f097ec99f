import type { IncidentRange, IncidentView } from '../../../../src/http/console/incidents-view'
import {
  Count,
  Country,
  type DataColumn,
  DataTable,
  Money,
  Mono,
  Percent,
  Section,
  StateBadge,
  share,
} from '../../kit'
import { PlaybookButton } from '../../playbook/playbook-button'
import { ACTION_WORDS } from '../../playbook/words'

const LEVELS: Record<IncidentRange['level'], string> = {
  subBlock: '1 000-block',
  block: '10 000-block',
  operator: 'operator',
  country: 'country',
  abroad: 'all abroad',
}

const figures: DataColumn<IncidentRange>[] = [
  {
    id: 'range',
    header: 'Range',
    phone: 'title',
    value: ({ key }) => key,
    cell: ({ key, level, measures }) => (
      <span>
        <Mono>{key === '*' ? 'abroad' : key}</Mono> <small>{LEVELS[level]}</small>{' '}
        {measures.map(({ id, action }) => (
          <StateBadge key={id} tone="accent">
            {ACTION_WORDS[action].done}
          </StateBadge>
        ))}
      </span>
    ),
  },
  {
    id: 'operator',
    header: 'Operator',
    value: ({ operatorRange }) => operatorRange,
    cell: ({ operatorRange, country }) =>
      operatorRange === '' ? <Country code={country} /> : <bdi>{operatorRange}</bdi>,
  },
  {
    id: 'requests',
    header: 'Requests',
    align: 'end',
    value: ({ requests }) => requests,
    cell: ({ requests }) => <Count value={requests} />,
  },
  {
    id: 'sent',
    header: 'Matured',
    align: 'end',
    value: ({ sent }) => sent,
    cell: ({ sent }) => <Count value={sent} />,
  },
  {
    id: 'verified',
    header: 'Verified of usual',
    align: 'end',
    value: ({ verified, expected }) => share(verified, expected),
    cell: ({ verified, expected }) => (
      <span>
        <Count value={verified} /> of <Count value={Math.round(expected)} />
      </span>
    ),
  },
  {
    id: 'denied',
    header: 'Refused',
    align: 'end',
    value: ({ denied, requests }) => share(denied, requests),
    cell: ({ denied, requests }) => <Percent share={share(denied, requests)} />,
  },
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
]

export const playbookTarget = ({ level, key }: IncidentRange, service: string) =>
  level === 'abroad'
    ? null
    : {
        kind: level === 'operator' || level === 'country' ? level : ('range' as const),
        key,
        service,
      }

/** The narrowest ranges that explain the loss. */
export function Ranges({ incident }: { incident: IncidentView }) {
  const columns: DataColumn<IncidentRange>[] = [
    ...figures,
    {
      id: 'act',
      header: 'Playbook',
      role: 'analyst',
      align: 'end',
      cell: (range) => {
        const target = playbookTarget(range, incident.service)
        return target === null ? null : <PlaybookButton target={target} incidentId={incident.id} />
      },
    },
  ]
  return (
    <Section
      title="Ranges"
      about="The narrowest that explain the loss. Matured and verified since the onset; the rest since the hour of the first send, after two weeks since its day."
      flush
    >
      <DataTable
        label="Ranges of the incident"
        columns={columns}
        rows={incident.rangeRows}
        rowKey={({ level, key }) => `${level} ${key}`}
        sort={{ by: 'requests', desc: true }}
      />
    </Section>
  )
}
