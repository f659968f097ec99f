import { Group, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { AuditEntryView, AuditView } from '../../../../src/http/console/access-view'
import {
  type DataColumn,
  DataTable,
  Empty,
  ExportRows,
  Foreign,
  Loaded,
  Mono,
  Section,
  useMe,
  usePages,
  When,
} from '../../kit'
import { ACTION_GROUPS, actionWords } from './action-words'
import { AUDIT_COLUMNS } from './audit-columns'
import { detailWords } from './detail-words'

const COLUMNS: readonly DataColumn<AuditEntryView>[] = [
  {
    id: 'action',
    header: 'What',
    phone: 'title',
    width: '11rem',
    cell: ({ action }) => <span title={action}>{actionWords(action)}</span>,
  },
  { id: 'at', header: 'When', width: '9rem', cell: ({ at }) => <When at={at} seconds /> },
  {
    id: 'actor',
    header: 'Who',
    width: '11rem',
    cell: ({ actor, actorName }) =>
      actorName === null ? (
        <Mono>{actor}</Mono>
      ) : (
        <span title={actor}>
          <Foreign text={actorName} />
        </span>
      ),
  },
  {
    id: 'target',
    header: 'On',
    width: '12rem',
    cell: ({ target, targetName }) =>
      targetName === null ? (
        <Mono>{target}</Mono>
      ) : (
        <span title={target}>
          <Foreign text={targetName} />
        </span>
      ),
  },
  {
    id: 'detail',
    header: 'Detail',
    width: '20rem',
    phone: 'stacked',
    cell: ({ detail, actorName, targetName }) => {
      const words = detailWords(detail, [actorName, targetName])
      return words === '' ? null : <Foreign lines="all" text={words} />
    },
  },
]

/** Settings, Audit log: everything that people and keys did, newest first. */
export function Tab() {
  const me = useMe()
  const [group, setGroup] = useState<string | null>(null)
  const [actor, setActor] = useState('')
  const [by] = useDebouncedValue(actor.trim(), 300)
  const pages = usePages<AuditView>(
    'audit',
    { ...(group !== null && { action: group }), ...(by !== '' && { actor: by }) },
    { enabled: me.can('admin') },
  )
  if (!me.can('admin'))
    return (
      <Section title="Audit log">
        <Empty title="For administrators">The audit log is read by administrators only.</Empty>
      </Section>
    )
  const filtered = group !== null || by !== ''
  return (
    <Section
      flush
      title="Audit log"
      about="Everything that people, keys and the command line did. Nothing in it is ever changed or deleted."
      actions={
        <Group gap="xs">
          <Select
            size="xs"
            aria-label="What"
            placeholder="Everything"
            clearable
            data={ACTION_GROUPS.map(([value, label]) => ({ value, label }))}
            value={group}
            onChange={setGroup}
          />
          <TextInput
            size="xs"
            aria-label="Who"
            placeholder="user:… or key:…"
            value={actor}
            onChange={(event) => setActor(event.currentTarget.value)}
          />
          {pages.rows.length > 0 && (
            <ExportRows name="tollgate-audit-log" columns={AUDIT_COLUMNS} pages={pages} />
          )}
        </Group>
      }
    >
      <Loaded query={pages}>
        {() => (
          <DataTable
            label="Audit log"
            columns={COLUMNS}
            rows={pages.rows}
            rowKey={({ seq }) => String(seq)}
            more={pages.more}
            empty={
              filtered ? (
                <Empty title="Nothing of that">Take a filter away to see more.</Empty>
              ) : (
                <Empty title="Nothing yet">What people and keys do will be here.</Empty>
              )
            }
          />
        )}
      </Loaded>
    </Section>
  )
}
