import { Button, Group, Menu, Text } from '@mantine/core'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { SinkTested, SinkView } from '../../../../src/http/console/alerts-view'
import {
  Confirm,
  type DataColumn,
  DataTable,
  Empty,
  Foreign,
  Loaded,
  Section,
  StateBadge,
  useAct,
  useApi,
  useMe,
  When,
} from '../../kit'
import { SeverityBadge } from './severity'
import { SinkForm } from './sink-form'
import { TYPES } from './sink-types'
import { Tested } from './tested'

interface SinksView {
  sinks: SinkView[]
  allowPrivate: boolean
}

const whereOf = ({ place }: SinkView): string =>
  place.type === 'email'
    ? `${place.to.join(', ')} by ${place.host}`
    : place.type === 'slack'
      ? 'incoming webhook'
      : place.url

/** Who is told. */
export function Sinks() {
  const me = useMe()
  const sinks = useApi<SinksView>('alerts/sinks')
  const [edited, setEdited] = useState<SinkView | 'new' | null>(null)
  const [removed, setRemoved] = useState<SinkView | null>(null)
  const [tested, setTested] = useState<{ sink: SinkView; answer: SinkTested } | null>(null)
  const test = useAct<SinkTested, SinkView>('POST', ({ id }) => `alerts/sinks/${id}/test`, {
    again: [],
    body: () => undefined,
  })
  const remove = useAct<void, SinkView>('DELETE', ({ id }) => `alerts/sinks/${id}`, {
    done: 'Sink removed',
  })

  const columns: DataColumn<SinkView>[] = [
    {
      id: 'name',
      header: 'Sink',
      phone: 'title',
      cell: ({ name, enabled }) => (
        <>
          <Foreign text={name} /> {!enabled && <StateBadge>off</StateBadge>}
        </>
      ),
    },
    {
      id: 'type',
      header: 'Type',
      cell: ({ place, oldSecretUntil }) => (
        <>
          {TYPES[place.type].name}
          {oldSecretUntil !== null && (
            <Text size="xs" c="dimmed">
              signed with the old secret too until <When at={oldSecretUntil} />
            </Text>
          )}
        </>
      ),
    },
    { id: 'where', header: 'Where', cell: (sink) => <Foreign text={whereOf(sink)} /> },
    {
      id: 'minimum',
      header: 'From',
      cell: ({ minimum }) => <SeverityBadge severity={minimum} />,
    },
    {
      id: 'quiet',
      header: 'Quiet hours',
      cell: ({ quiet }) =>
        quiet === null ? 'none' : `${quiet.from} to ${quiet.to}, ${quiet.timeZone}`,
    },
    {
      id: 'reports',
      header: 'Reports',
      cell: ({ reports }) => (reports.length === 0 ? 'none' : reports.join(', ')),
    },
    ...(me.can('admin')
      ? [
          {
            id: 'act',
            header: 'Actions',
            align: 'end' as const,
            cell: (sink: SinkView) => (
              <Group gap={4} justify="flex-end" wrap="nowrap">
                <Button
                  size="compact-xs"
                  variant="default"
                  loading={test.isPending && test.variables?.id === sink.id}
                  onClick={() =>
                    test.mutate(sink, { onSuccess: (answer) => setTested({ sink, answer }) })
                  }
                >
                  Test
                </Button>
                <Menu position="bottom-end">
                  <Menu.Target>
                    <Button size="compact-xs" variant="default" aria-label={`More of ${sink.name}`}>
                      <IconDots size={14} aria-hidden />
                    </Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item onClick={() => setEdited(sink)}>Edit</Menu.Item>
                    <Menu.Item onClick={() => setRemoved(sink)}>Remove</Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </Group>
            ),
          },
        ]
      : []),
  ]

  return (
    <Section
      title="Sinks"
      about="Who is told of alerts and reports. Messages wait until they are delivered, 72 hours at most."
      flush
      actions={
        me.can('admin') && (
          <Button
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setEdited('new')}
          >
            Add a sink
          </Button>
        )
      }
    >
      {tested !== null && (
        <Tested name={tested.sink.name} answer={tested.answer} onClose={() => setTested(null)} />
      )}
      <Loaded query={sinks}>
        {(view) => (
          <DataTable
            label="Sinks"
            columns={columns}
            rows={view.sinks}
            rowKey={({ id }) => id}
            empty={
              <Empty title="Nobody is told yet">
                Add Slack, e-mail, PagerDuty or a webhook, so that an attack at night wakes
                somebody.
              </Empty>
            }
          />
        )}
      </Loaded>
      {edited !== null && (
        <SinkForm
          sink={edited === 'new' ? null : edited}
          allowPrivate={sinks.data?.allowPrivate ?? false}
          onClose={() => setEdited(null)}
        />
      )}
      <Confirm
        opened={removed !== null}
        onClose={() => setRemoved(null)}
        onConfirm={() => {
          if (removed !== null) remove.mutate(removed)
          setRemoved(null)
        }}
        title={`Remove ${removed?.name ?? ''}?`}
        action="Remove"
        danger
      >
        Messages that wait for it are dropped, and its secret is deleted.
      </Confirm>
    </Section>
  )
}
