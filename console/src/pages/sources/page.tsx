import { Tabs, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { Link } from 'wouter'
import type {
  SourceKind,
  SourceRow,
  SourcesView,
  SourceView,
} from '../../../../src/http/console/sources-view'
import {
  Column,
  type DataColumn,
  DataTable,
  Empty,
  Loaded,
  PageTitle,
  Section,
  useApi,
} from '../../kit'
import { PlaybookButton } from '../../playbook/playbook-button'
import { columnOf, trafficColumns } from '../../traffic/columns'
import { Controls } from '../../traffic/controls'
import { Marks } from '../../traffic/marks'
import { Since } from '../../traffic/since'
import classes from '../../traffic/traffic.module.css'
import { type TrafficQuery, useTrafficQuery } from '../../traffic/use-traffic-query'
import { SourceDetail } from './source-detail'
import { SourceName } from './source-name'
import { isKind, KIND_NAMES, KINDS } from './source-words'

/** Where requests come from: networks, subnets, addresses, devices, accounts. */
export function Page() {
  const at = useTrafficQuery()
  const named = at.search.get('kind')
  const kind = isKind(named) ? named : 'network'
  const key = at.search.get('key') ?? ''
  return (
    <>
      <PageTitle
        title={key === '' ? 'Sources' : KINDS[kind].one}
        about={
          key === ''
            ? 'Where requests come from, and what came back of what was sent to them.'
            : KINDS[kind].about
        }
        actions={<Controls at={at} />}
      />
      {key === '' ? <Table at={at} kind={kind} /> : <One at={at} kind={kind} of={key} />}
    </>
  )
}

function One({ at, kind, of }: { at: TrafficQuery; kind: SourceKind; of: string }) {
  const one = useApi<SourceView>('sources/one', { ...at.query, kind, key: of })
  return (
    <>
      <nav aria-label="All sources">
        <ol className={classes.crumbs}>
          <li>
            <Link href={at.to('/sources', { kind })}>{KINDS[kind].many}</Link>
          </li>
          <li aria-current="page">
            <bdi>{of}</bdi>
          </li>
        </ol>
      </nav>
      <Loaded query={one}>{(view) => <SourceDetail view={view} at={at} />}</Loaded>
    </>
  )
}

function Table({ at, kind }: { at: TrafficQuery; kind: SourceKind }) {
  const prefix = at.search.get('q') ?? ''
  const found = useApi<SourcesView>('sources', { ...at.query, kind, prefix })
  return (
    <Column>
      <Tabs value={kind} onChange={(next) => at.set({ kind: next ?? '', q: '' }, false)}>
        <Tabs.List aria-label="Kind of source">
          {KIND_NAMES.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {KINDS[name].many}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <Search key={kind} at={at} kind={kind} />
      <Section
        title={KINDS[kind].many}
        about={
          <>
            {KINDS[kind].about}
            {found.data && (
              <>
                {' '}
                <Since span={found.data.span} />
              </>
            )}
          </>
        }
        flush
      >
        <Loaded query={found}>{(view) => <Rows view={view} at={at} kind={kind} />}</Loaded>
      </Section>
    </Column>
  )
}

function Search({ at, kind }: { at: TrafficQuery; kind: SourceKind }) {
  const [text, setText] = useState(at.search.get('q') ?? '')
  const ask = useDebouncedCallback((q: string) => at.set({ q: q.trim() }), 250)
  return (
    <TextInput
      aria-label={`Look for ${KINDS[kind].many.toLowerCase()}`}
      placeholder={`${KINDS[kind].many} that begin with…`}
      leftSection={<IconSearch size={16} aria-hidden />}
      maxLength={100}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value)
        ask(value)
      }}
    />
  )
}

function Rows({ view, at, kind }: { view: SourcesView; at: TrafficQuery; kind: SourceKind }) {
  const columns = useMemo<readonly DataColumn<SourceRow>[]>(
    () => [
      {
        id: 'source',
        header: KINDS[kind].one,
        phone: 'title',
        value: ({ key }) => key,
        cell: (row) => (
          <span className={classes.first}>
            <SourceName row={row} />
            <Marks marks={row.marks} />
          </span>
        ),
      },
      ...trafficColumns<SourceRow>(view.span),
      {
        id: 'act',
        header: 'Measures',
        role: 'analyst',
        align: 'end',
        cell: ({ key }) => <PlaybookButton target={{ kind, key }} />,
      },
    ],
    [view.span, kind],
  )
  return (
    <>
      <DataTable
        key={`${kind} ${at.by}`}
        label={KINDS[kind].many}
        columns={columns}
        rows={view.rows}
        rowKey={({ key }) => key}
        sort={{ by: columnOf(at.by), desc: true }}
        link={({ key }) => at.to('/sources', { kind, key })}
        empty={
          <Empty title="Nothing to show in this time">
            Sources that asked once or twice in an hour are not kept one by one. Choose a longer
            time, or send IP, device and account with each request so that they can be told apart.
          </Empty>
        }
      />
      <p className={classes.foot}>
        {view.more && `The largest ${view.rows.length} are shown. `}
        {view.attribution.text}{' '}
        {view.attribution.links.map((href) => (
          <span key={href}>
            <a href={href} target="_blank" rel="noreferrer">
              {href.replace(/^https:\/\/(www\.)?/, '')}
            </a>{' '}
          </span>
        ))}
      </p>
    </>
  )
}
