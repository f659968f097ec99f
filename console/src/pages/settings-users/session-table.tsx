import { Button } from '@mantine/core'
import type { SessionView } from '../../../../src/http/console/access-view'
import { Ago, type DataColumn, DataTable, Empty, Foreign, Mono, StateBadge, When } from '../../kit'
import { browserName } from './browser-name'

const WAY: Record<SessionView['way'], string> = {
  passkey: 'Passkey',
  recovery: 'Recovery code',
  link: 'One-time link',
  oidc: 'Organisation',
}

/** Where somebody is signed in, the last used first. */
export function SessionTable({
  sessions,
  onEnd,
}: {
  sessions: readonly SessionView[]
  onEnd: (session: SessionView) => void
}) {
  const columns: DataColumn<SessionView>[] = [
    {
      id: 'browser',
      header: 'Browser',
      phone: 'title',
      cell: ({ userAgent, current }) => (
        <>
          <span title={userAgent ?? undefined}>
            <Foreign text={browserName(userAgent)} />
          </span>{' '}
          {current && <StateBadge tone="accent">this one</StateBadge>}
        </>
      ),
    },
    { id: 'source', header: 'Address', cell: ({ source }) => <Mono>{source}</Mono> },
    { id: 'way', header: 'Signed in with', cell: ({ way }) => WAY[way] },
    { id: 'since', header: 'Since', cell: ({ createdAt }) => <When at={createdAt} /> },
    { id: 'used', header: 'Last used', cell: ({ seenAt }) => <Ago at={seenAt} /> },
    { id: 'ends', header: 'Ends at the latest', cell: ({ endsAt }) => <When at={endsAt} /> },
    {
      id: 'act',
      header: 'Actions',
      align: 'end',
      cell: (session) => (
        <Button size="compact-xs" variant="default" onClick={() => onEnd(session)}>
          {session.current ? 'Sign out' : 'End'}
        </Button>
      ),
    },
  ]
  return (
    <DataTable
      label="Sessions"
      columns={columns}
      rows={sessions}
      rowKey={({ id }) => id}
      empty={<Empty title="No session is kept">A visitor of a simulation has none.</Empty>}
    />
  )
}
