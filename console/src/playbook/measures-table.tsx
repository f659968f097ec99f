import { Button, Menu } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { MeasureView } from '../../../src/http/console/playbook-view'
import {
  Ago,
  Confirm,
  type DataColumn,
  DataTable,
  Mono,
  request,
  StateBadge,
  told,
  useAct,
  When,
} from '../kit'
import { undo, useReread } from './use-order'
import { ACTION_WORDS, DURATIONS, kindName } from './words'

interface ListEntry {
  list: 'allow' | 'deny'
  entry: string
}

/** The entry that says the same for good; `null` where no list can say it. */
function forGood({ action, target }: MeasureView): ListEntry | null {
  const list = action === 'block' ? 'deny' : action === 'allow' ? 'allow' : null
  if (list === null) return null
  const { kind, key } = target
  if (kind === 'range') return { list, entry: `${key}*` }
  if (kind === 'device' || kind === 'account') return { list, entry: `${kind}:${key}` }
  return kind === 'ip' || kind === 'subnet' || kind === 'network' ? { list, entry: key } : null
}

/** Puts on a list, in every service, what a measure orders for a while. */
function KeepForGood({
  measure,
  entry: { list, entry },
  onClose,
}: {
  measure: MeasureView
  entry: ListEntry
  onClose: () => void
}) {
  const add = useAct<unknown, object>('POST', `lists/${list}/entries`, {
    done: `On the ${list} list: ${entry}`,
  })
  return (
    <Confirm
      opened
      onClose={onClose}
      title="Keep for good"
      action="Put on the list"
      danger={list === 'deny'}
      busy={add.isPending}
      onConfirm={() =>
        add.mutate(
          { entries: [{ entry, note: `kept from a measure of ${measure.by}`, expiresAt: null }] },
          { onSuccess: onClose },
        )
      }
    >
      <Mono>{entry}</Mono> goes on the {list} list and stays until somebody takes it off.
      {list === 'deny' &&
        measure.target.kind === 'range' &&
        ' It refuses customers in it too, numbers verified before among them.'}
    </Confirm>
  )
}

function Actions({ measure }: { measure: MeasureView }) {
  const reread = useReread()
  const act = useMutation<unknown, Error, () => Promise<unknown>>({
    mutationFn: (work) => work(),
    onError: told,
    onSettled: reread,
  })
  const keep = forGood(measure)
  const [keeping, setKeeping] = useState(false)
  const extend = (byMs: number) =>
    request(`playbook/${measure.id}/extend`, { method: 'POST', body: { byMs } })
  return (
    <Button.Group style={{ justifyContent: 'flex-end' }}>
      <Button
        variant="default"
        size="compact-sm"
        loading={act.isPending}
        onClick={() => act.mutate(() => undo(measure.id))}
        aria-label={`Undo ${ACTION_WORDS[measure.action].title} ${measure.target.key}`}
      >
        Undo
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`Extend ${ACTION_WORDS[measure.action].title} ${measure.target.key}`}
          >
            Extend
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {DURATIONS.slice(1).map(([ms, name]) => (
            <Menu.Item key={ms} onClick={() => act.mutate(() => extend(ms))}>
              by {name}
            </Menu.Item>
          ))}
          {keep !== null && (
            <Menu.Item onClick={() => setKeeping(true)}>Keep for good, on a list</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {keep !== null && keeping && (
        <KeepForGood measure={measure} entry={keep} onClose={() => setKeeping(false)} />
      )}
    </Button.Group>
  )
}

const what: DataColumn<MeasureView>[] = [
  {
    id: 'target',
    header: 'Target',
    phone: 'title',
    value: ({ target }) => target.key,
    cell: ({ target }) => (
      <>
        <Mono>{target.key}</Mono> <small>{kindName(target.kind)}</small>
      </>
    ),
  },
  {
    id: 'action',
    header: 'Order',
    value: ({ action }) => action,
    cell: ({ action, limit }) => (
      <StateBadge tone={action === 'allow' ? 'good' : action === 'challenge' ? 'warn' : 'bad'}>
        {ACTION_WORDS[action].title}
        {limit !== null && `: ${limit} an hour`}
      </StateBadge>
    ),
  },
  {
    id: 'service',
    header: 'Service',
    value: ({ target }) => target.service ?? '',
    cell: ({ target }) => target.service ?? 'all',
  },
  { id: 'by', header: 'By', value: ({ by }) => by, cell: ({ by }) => <bdi>{by}</bdi> },
]

const inForce: DataColumn<MeasureView>[] = [
  ...what,
  {
    id: 'until',
    header: 'Ends',
    align: 'end',
    value: ({ until }) => until,
    cell: ({ until }) => <Ago at={until} />,
  },
  {
    id: 'act',
    header: 'Change',
    align: 'end',
    role: 'analyst',
    cell: (measure) => <Actions measure={measure} />,
  },
]

/** Measures that are in force. */
export function MeasuresTable({ measures }: { measures: readonly MeasureView[] }) {
  return (
    <DataTable
      label="Measures in force"
      columns={inForce}
      rows={measures}
      rowKey={({ id }) => id}
      sort={{ by: 'until' }}
    />
  )
}

/** Measures that have ended. */
export const PastMeasures = ({
  measures,
  more,
}: {
  measures: readonly MeasureView[]
  more?: { has: boolean; busy: boolean; load: () => void }
}) => (
  <DataTable
    label="Past measures"
    columns={[
      ...what,
      {
        id: 'began',
        header: 'Began',
        align: 'end',
        cell: ({ startedAt }) => <When at={startedAt} />,
      },
      {
        id: 'ended',
        header: 'Ended',
        align: 'end',
        cell: ({ endedAt, endedAs, endedBy }) => (
          <span>
            {endedAt !== null && <When at={endedAt} />}
            {endedAs !== null && endedAs !== 'over' && ` ${endedAs}`}
            {endedBy !== null && endedAs !== 'over' && (
              <>
                {' '}
                by <bdi>{endedBy}</bdi>
              </>
            )}
          </span>
        ),
      },
    ]}
    rows={measures}
    rowKey={({ id }) => id}
    {...(more !== undefined && { more })}
  />
)
