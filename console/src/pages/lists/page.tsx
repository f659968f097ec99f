import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type {
  ListChangedView,
  ListChangeView,
  ListName,
  ListsView,
} from '../../../../src/http/console/lists-view'
import {
  Ago,
  Column,
  Count,
  count,
  Loaded,
  PageTitle,
  Section,
  useAct,
  useApi,
  useMe,
} from '../../kit'
import { AddEntries } from './add-entries'
import { EntryTable } from './entry-table'
import classes from './lists.module.css'

const ABOUT: Record<ListName, string> = {
  allow:
    'Pass lines and limits; number checks, denied countries and spend caps still hold. They stand outside the bound.',
  deny: 'Refused always, with the entry as the reason.',
  watch: 'Change no verdict: requests they meet are marked, shown here and told to open pages.',
}

/** Allow, deny and watch: who added what, why, until when, and whom it met. */
export function Page() {
  const { can } = useMe()
  const [list, setList] = useState<ListName>('deny')
  const [search, setSearch] = useState('')
  const [wanted] = useDebouncedValue(search, 250)
  const [adding, setAdding] = useState(false)
  const lists = useApi<ListsView>('lists', { list, search: wanted }, { live: ['list', 'policy'] })
  return (
    <Column>
      <PageTitle
        title="Intel and lists"
        about="Entries of your own, beside those of the policy. Every change is in the audit log and can be undone."
        actions={
          can('analyst') && (
            <Button
              size="xs"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => setAdding(true)}
            >
              Add entries
            </Button>
          )
        }
      />
      <Loaded query={lists}>
        {(view) => (
          <>
            <Section
              title={list === 'allow' ? 'Allow list' : list === 'deny' ? 'Deny list' : 'Watch list'}
              about={ABOUT[list]}
              actions={
                can('analyst') && (
                  <Button
                    component="a"
                    href={`/v1/console/lists/${list}/export`}
                    download
                    size="xs"
                    variant="default"
                  >
                    Export
                  </Button>
                )
              }
              flush
            >
              <div className={classes.bar}>
                <SegmentedControl
                  size="xs"
                  aria-label="List"
                  value={list}
                  onChange={(value) => setList(value as ListName)}
                  data={(['deny', 'allow', 'watch'] as const).map((name) => ({
                    value: name,
                    label: `${name === 'deny' ? 'Deny' : name === 'allow' ? 'Allow' : 'Watch'} ${count(view.counts[name])}`,
                  }))}
                />
                <TextInput
                  size="xs"
                  className={classes.search}
                  aria-label="Search entries, notes and names"
                  placeholder="Entry, note or name"
                  leftSection={<IconSearch size={14} aria-hidden />}
                  value={search}
                  onChange={(event) => setSearch(event.currentTarget.value)}
                />
                <span className={classes.met}>
                  met <Count value={view.met[list]} /> requests
                  {list === 'watch' ? ' so far' : ' in a week'}
                </span>
              </div>
              <EntryTable key={list} list={list} view={view} searching={wanted !== ''} />
            </Section>
            {view.changes.length > 0 && can('analyst') && <Changes changes={view.changes} />}
            {adding && (
              <AddEntries first={list} hashed={view.hashed} onClose={() => setAdding(false)} />
            )}
          </>
        )}
      </Loaded>
    </Column>
  )
}

const WORDS: Record<string, string> = {
  'list.add': 'added',
  'list.remove': 'removed',
  'list.expire': 'changed the end of',
}

function Changes({ changes }: { changes: readonly ListChangeView[] }) {
  const undo = useAct<ListChangedView, { id: string }>(
    'POST',
    ({ id }) => `lists/changes/${id}/undo`,
    { done: 'As it was before', body: () => undefined },
  )
  return (
    <Section title="Recent changes" about="The last twenty, until the gateway is started again.">
      <ul className={classes.changes}>
        {changes.map((change) => (
          <li key={change.id}>
            <span>
              <bdi>{change.byName}</bdi> {WORDS[change.action] ?? change.action}{' '}
              {change.count === 1 ? 'an entry' : `${count(change.count)} entries`} of the{' '}
              {change.list} list, <Ago at={change.at} />
            </span>
            <Button
              size="compact-xs"
              variant="default"
              loading={undo.isPending && undo.variables.id === change.id}
              onClick={() => undo.mutate({ id: change.id })}
            >
              Undo
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
