import { Button, Checkbox, Group } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type {
  EntryHitsView,
  ListChangedView,
  ListEntryView,
  ListName,
  ListsView,
} from '../../../../src/http/console/lists-view'
import {
  Ago,
  Count,
  Country,
  count,
  type DataColumn,
  DataTable,
  Dialog,
  Empty,
  Foreign,
  Loaded,
  Mono,
  StateBadge,
  useAct,
  useApi,
  useMe,
  VerdictBadge,
  When,
} from '../../kit'
import { Ends } from './ends'
import classes from './lists.module.css'

const keyOf = ({ entry, service, source }: ListEntryView): string =>
  `${source === 'policy' ? `policy ${service}` : 'own'} ${entry}`

/** Entries of one list: picked ones are removed or given another end together. */
export function EntryTable({
  list,
  view,
  searching,
}: {
  list: ListName
  view: ListsView
  searching: boolean
}) {
  const { can } = useMe()
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [hits, setHits] = useState<string | null>(null)
  const [ending, setEnding] = useState(false)
  const own = view.entries.filter(({ source }) => source !== 'policy')
  const chosen = own.filter(({ entry }) => picked.has(entry)).map(({ entry }) => entry)
  const clear = (): void => setPicked(new Set())
  const remove = useAct<ListChangedView, { entries: string[] }>('POST', `lists/${list}/remove`, {
    done: ({ change }) => `Removed ${count(change?.count ?? 0)}; Undo stands below`,
  })
  const expire = useAct<ListChangedView, { entries: string[]; expiresAt: number | null }>(
    'POST',
    `lists/${list}/expiry`,
    { done: 'The end is changed' },
  )
  const pick = (entry: string): void => {
    const next = new Set(picked)
    if (!next.delete(entry)) next.add(entry)
    setPicked(next)
  }
  const columns: DataColumn<ListEntryView>[] = [
    ...(can('analyst')
      ? [
          {
            id: 'pick',
            header: 'Pick',
            width: '3rem',
            cell: ({ entry, source }: ListEntryView) =>
              source === 'policy' ? null : (
                <Checkbox
                  size="xs"
                  aria-label={`Pick ${entry}`}
                  checked={picked.has(entry)}
                  onChange={() => pick(entry)}
                />
              ),
          },
        ]
      : []),
    {
      id: 'entry',
      header: 'Entry',
      phone: 'title',
      cell: ({ entry }) => <Mono>{entry}</Mono>,
    },
    {
      id: 'note',
      header: 'Why',
      cell: ({ note, service }) =>
        service === null ? (
          note === '' ? (
            '–'
          ) : (
            <Foreign text={note} />
          )
        ) : (
          <Link href="/policy" className={classes.link}>
            in the policy of {service === 'default' ? 'all services' : service}
          </Link>
        ),
    },
    { id: 'by', header: 'Added by', cell: ({ sourceName }) => <bdi>{sourceName}</bdi> },
    {
      id: 'at',
      header: 'Added',
      cell: ({ createdAt }) => (createdAt === null ? '–' : <Ago at={createdAt} />),
    },
    {
      id: 'ends',
      header: 'Ends',
      cell: ({ expiresAt }) => (expiresAt === null ? 'never' : <When at={expiresAt} />),
    },
    {
      id: 'hits',
      header: 'Met',
      align: 'end',
      cell: ({ entry, hits: known, source }) =>
        known !== null && known > 0 ? (
          <button type="button" className={classes.link} onClick={() => setHits(entry)}>
            <Count value={known} />
          </button>
        ) : known === 0 ? (
          '0'
        ) : source === 'policy' || !can('analyst') ? (
          '–'
        ) : (
          <button type="button" className={classes.link} onClick={() => setHits(entry)}>
            look<span className={classes.hidden}> whom {entry} met</span>
          </button>
        ),
    },
  ]
  return (
    <>
      {chosen.length > 0 && (
        <Group className={classes.picked} gap="xs" role="status">
          <StateBadge tone="accent">{count(chosen.length)} picked</StateBadge>
          <Button size="compact-xs" variant="default" onClick={() => setEnding(true)}>
            Change the end…
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            loading={remove.isPending}
            onClick={() => remove.mutate({ entries: chosen }, { onSuccess: clear })}
          >
            Remove
          </Button>
          <Button size="compact-xs" variant="subtle" onClick={clear}>
            Pick none
          </Button>
        </Group>
      )}
      <DataTable
        label={`Entries of the ${list} list`}
        columns={columns}
        rows={view.entries}
        rowKey={keyOf}
        empty={
          searching ? (
            <Empty title="No entry matches">Search for a part of it, its note, or a name.</Empty>
          ) : (
            <Empty title={`The ${list} list is empty`}>{NOTHING[list]}</Empty>
          )
        }
      />
      {view.more && (
        <p className={classes.more}>There are more than 500: narrow the search, or export them.</p>
      )}
      {hits !== null && <Hits list={list} entry={hits} onClose={() => setHits(null)} />}
      {ending && (
        <Ends
          title={`When ${count(chosen.length)} ${chosen.length === 1 ? 'entry ends' : 'entries end'}`}
          busy={expire.isPending}
          onClose={() => setEnding(false)}
          onDone={(expiresAt) =>
            expire.mutate(
              { entries: chosen, expiresAt },
              {
                onSuccess: () => {
                  clear()
                  setEnding(false)
                },
              },
            )
          }
        />
      )}
    </>
  )
}

const NOTHING: Record<ListName, string> = {
  allow:
    'Numbers of your testers, the office, a partner: whoever must always get a code. A refused request can be allowed from its page.',
  deny: 'Ranges and networks that are never to get a code. The playbook of an incident closes ranges for a while by itself.',
  watch:
    'What you want to hear of without refusing it: a range that chatter names, a network, a device.',
}

/** Whom an entry met. */
function Hits({ list, entry, onClose }: { list: ListName; entry: string; onClose: () => void }) {
  const hits = useApi<EntryHitsView>(`lists/${list}/hits`, { entry })
  return (
    <Dialog onClose={onClose} title={`Whom ${entry} met`} size="lg">
      <Loaded query={hits}>
        {({ hits: n, most, since, rows }) =>
          rows.length === 0 ? (
            <Empty title="Nobody">
              No request met it since <When at={since} />.
            </Empty>
          ) : (
            <>
              <p className={classes.met}>
                {n >= most ? `At least ${count(most)}` : count(n)}{' '}
                {n === 1 ? 'request' : 'requests'} since <When at={since} />, the newest:
              </p>
              <DataTable
                label={`Requests that ${entry} met`}
                columns={[
                  {
                    id: 'at',
                    header: 'Asked',
                    phone: 'title',
                    cell: ({ id, at }) => (
                      <Link href={`/decisions/${encodeURIComponent(id)}`} className={classes.link}>
                        <When at={at} />
                      </Link>
                    ),
                  },
                  { id: 'service', header: 'Service', cell: ({ service }) => service },
                  {
                    id: 'country',
                    header: 'Country',
                    cell: ({ country }) => <Country code={country} />,
                  },
                  {
                    id: 'verdict',
                    header: 'Verdict',
                    cell: ({ verdict }) => <VerdictBadge verdict={verdict} />,
                  },
                ]}
                rows={rows}
                rowKey={({ id }) => id}
              />
            </>
          )
        }
      </Loaded>
    </Dialog>
  )
}
