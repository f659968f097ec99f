import { Button } from '@mantine/core'
import { useState } from 'react'
import type { KeyView } from '../../../../src/http/console/access-view'
import {
  Ago,
  Confirm,
  type DataColumn,
  DataTable,
  Empty,
  Foreign,
  Loaded,
  Mono,
  Section,
  StateBadge,
  useAct,
  useApi,
  useMe,
  When,
} from '../../kit'
import { CreateKey } from './create-key'

/** Settings, Keys: what applications call the API with. */
export function Tab() {
  const me = useMe()
  const keys = useApi<{ keys: KeyView[] }>('keys', {}, { enabled: me.can('admin') })
  const [creating, setCreating] = useState(false)
  const [revoked, setRevoked] = useState<KeyView | null>(null)
  const revoke = useAct<void, KeyView>('DELETE', ({ id }) => `keys/${encodeURIComponent(id)}`, {
    done: 'Key revoked: every node refuses it within seconds',
  })
  if (!me.can('admin'))
    return (
      <Section title="API keys">
        <Empty title="For administrators">Keys are seen and made by administrators only.</Empty>
      </Section>
    )

  const columns: DataColumn<KeyView>[] = [
    {
      id: 'name',
      header: 'Name',
      phone: 'title',
      value: ({ name }) => name,
      cell: ({ name, revokedAt }) => (
        <>
          <Foreign text={name} /> {revokedAt !== null && <StateBadge>revoked</StateBadge>}
        </>
      ),
    },
    { id: 'id', header: 'Id', cell: ({ id }) => <Mono>{id}</Mono> },
    {
      id: 'scopes',
      header: 'May',
      cell: ({ scopes }) => (scopes.includes('*') ? 'everything' : scopes.join(', ')),
    },
    {
      id: 'made',
      header: 'Made',
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
    {
      id: 'used',
      header: 'Last used',
      value: ({ lastUsedAt }) => lastUsedAt,
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? 'not since the start' : <Ago at={lastUsedAt} />,
    },
    {
      id: 'act',
      header: 'Actions',
      align: 'end',
      cell: (key) =>
        key.revokedAt === null ? (
          <Button size="compact-xs" variant="default" onClick={() => setRevoked(key)}>
            Revoke
          </Button>
        ) : (
          <When at={key.revokedAt} />
        ),
    },
  ]
  return (
    <Section
      flush
      title="API keys"
      about="Applications call the gateway with a key. A key cannot sign in here, and a user cannot call the application's API."
      actions={
        <Button size="xs" onClick={() => setCreating(true)}>
          Make a key
        </Button>
      }
    >
      <Loaded query={keys}>
        {(data) => (
          <DataTable
            label="API keys"
            columns={columns}
            rows={data.keys}
            rowKey={({ id }) => id}
            sort={{ by: 'made', desc: true }}
            empty={<Empty title="No keys yet">Make one for each application.</Empty>}
          />
        )}
      </Loaded>
      {creating && <CreateKey onClose={() => setCreating(false)} />}
      <Confirm
        danger
        opened={revoked !== null}
        title="Revoke a key"
        action="Revoke"
        word="revoke"
        busy={revoke.isPending}
        onClose={() => setRevoked(null)}
        onConfirm={() => revoked && revoke.mutate(revoked, { onSettled: () => setRevoked(null) })}
      >
        Whatever calls with <bdi>{revoked?.name}</bdi> is refused within seconds, for good. Its
        users get no codes until it has another key.
      </Confirm>
    </Section>
  )
}
