import { Button } from '@mantine/core'
import type { DeliveryView } from '../../../../src/http/console/alerts-view'
import {
  Ago,
  Count,
  type DataColumn,
  DataTable,
  Empty,
  Failed,
  Foreign,
  Loading,
  type Page,
  Section,
  StateBadge,
  type Tone,
  useAct,
  useMe,
  usePages,
} from '../../kit'

const TONE: Record<DeliveryView['state'], Tone> = {
  waiting: 'warn',
  delivered: 'good',
  failed: 'bad',
  dropped: 'plain',
}

/** What was sent to sinks, and what they said. */
export function Deliveries() {
  const me = useMe()
  const log = usePages<Page<DeliveryView>>('alerts/deliveries', {}, { live: ['alert'] })
  const retry = useAct<unknown, DeliveryView>('POST', ({ id }) => `alerts/deliveries/${id}/retry`, {
    body: () => undefined,
    done: 'It is tried again now',
  })
  const columns: DataColumn<DeliveryView>[] = [
    {
      id: 'title',
      header: 'Message',
      phone: 'title',
      cell: ({ title, kind }) => (
        <>
          <Foreign text={title} /> <StateBadge>{kind}</StateBadge>
        </>
      ),
    },
    { id: 'sink', header: 'Sink', cell: ({ sinkName }) => <Foreign text={sinkName} /> },
    {
      id: 'state',
      header: 'State',
      cell: ({ state, held }) => (
        <StateBadge tone={TONE[state]}>{held ? 'held: quiet hours' : state}</StateBadge>
      ),
    },
    {
      id: 'attempts',
      header: 'Tries',
      align: 'end',
      cell: ({ attempts }) => <Count value={attempts} />,
    },
    {
      id: 'answer',
      header: 'Last answer',
      cell: ({ status, answer }) =>
        answer === null ? (
          '–'
        ) : (
          <Foreign text={`${status === null ? '' : `${status} `}${answer}`} />
        ),
    },
    { id: 'at', header: 'Made', cell: ({ createdAt }) => <Ago at={createdAt} /> },
    {
      id: 'next',
      header: 'Next try',
      cell: ({ state, nextAt }) => (state === 'waiting' ? <Ago at={nextAt} /> : '–'),
    },
    ...(me.can('admin')
      ? [
          {
            id: 'retry',
            header: 'Actions',
            align: 'end' as const,
            cell: (row: DeliveryView) =>
              row.state === 'delivered' ? null : (
                <Button size="compact-xs" variant="default" onClick={() => retry.mutate(row)}>
                  Try now
                </Button>
              ),
          },
        ]
      : []),
  ]
  return (
    <Section title="Deliveries" about="The last messages to all sinks, kept for 30 days." flush>
      {log.error !== null && log.rows.length === 0 ? (
        <Failed error={log.error} retry={() => void log.refetch()} />
      ) : log.isPending ? (
        <Loading />
      ) : (
        <DataTable
          label="Deliveries"
          columns={columns}
          rows={log.rows}
          rowKey={({ id }) => id}
          more={log.more}
          empty={<Empty title="Nothing was sent yet" />}
        />
      )}
    </Section>
  )
}
