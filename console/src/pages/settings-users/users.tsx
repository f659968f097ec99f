import { Button } from '@mantine/core'
import { useState } from 'react'
import type {
  InvitationView,
  LinkMadeView,
  UsersView,
  UserView,
} from '../../../../src/http/console/access-view'
import {
  Ago,
  Count,
  type DataColumn,
  DataTable,
  Dialog,
  Empty,
  Foreign,
  Loaded,
  Section,
  StateBadge,
  useAct,
  useApi,
} from '../../kit'
import { Invite } from './invite'
import { LINK_TITLE, LinkMade } from './link-made'
import { UserMenu } from './user-menu'

/** Everybody who may sign in, and who was invited. */
export function Users() {
  const users = useApi<UsersView>('users', {}, { live: ['access'] })
  const [inviting, setInviting] = useState(false)
  const [made, setMade] = useState<(LinkMadeView & { name: string }) | null>(null)
  return (
    <>
      <Section
        flush
        title="Users"
        about="Viewers read with masked numbers, analysts act, administrators change policy, users, keys and alerts."
        actions={
          <Button size="xs" onClick={() => setInviting(true)}>
            Invite a user
          </Button>
        }
      >
        <Loaded query={users}>{(data) => <UserTable users={data.users} onLink={setMade} />}</Loaded>
      </Section>
      {(users.data?.invitations.length ?? 0) > 0 && (
        <Invitations invitations={users.data?.invitations ?? []} />
      )}
      {inviting && <Invite onClose={() => setInviting(false)} />}
      {made !== null && (
        <Dialog stays onClose={() => setMade(null)} title={LINK_TITLE}>
          <LinkMade made={made} name={made.name} onDone={() => setMade(null)} />
        </Dialog>
      )}
    </>
  )
}

function UserTable({
  users,
  onLink,
}: {
  users: readonly UserView[]
  onLink: (made: LinkMadeView & { name: string }) => void
}) {
  const columns: DataColumn<UserView>[] = [
    {
      id: 'name',
      header: 'Name',
      phone: 'title',
      value: ({ name }) => name,
      cell: ({ name, disabled }) => (
        <>
          <Foreign text={name} /> {disabled && <StateBadge tone="warn">disabled</StateBadge>}
        </>
      ),
    },
    { id: 'role', header: 'Role', value: ({ role }) => role, cell: ({ role }) => role },
    {
      id: 'way',
      header: 'Signs in with',
      cell: ({ provider, passkeys, recoveryCodesLeft }) =>
        provider ??
        `${passkeys} ${passkeys === 1 ? 'passkey' : 'passkeys'}, ${recoveryCodesLeft} ${recoveryCodesLeft === 1 ? 'code' : 'codes'}`,
    },
    {
      id: 'last',
      header: 'Last sign-in',
      value: ({ lastSignInAt }) => lastSignInAt,
      cell: ({ lastSignInAt }) => (lastSignInAt === null ? 'never' : <Ago at={lastSignInAt} />),
    },
    {
      id: 'sessions',
      header: 'Sessions',
      align: 'end',
      value: ({ sessions }) => sessions,
      cell: ({ sessions }) => <Count value={sessions} />,
    },
    {
      id: 'act',
      header: 'Actions',
      align: 'end',
      cell: (user) => <UserMenu user={user} onLink={onLink} />,
    },
  ]
  return (
    <DataTable
      label="Users"
      empty={
        <Empty title="Nobody can sign in yet">Invite somebody by a link that works once.</Empty>
      }
      columns={columns}
      rows={users}
      rowKey={({ id }) => id}
      sort={{ by: 'name' }}
    />
  )
}

function Invitations({ invitations }: { invitations: readonly InvitationView[] }) {
  const withdraw = useAct<void, InvitationView>('DELETE', ({ id }) => `invitations/${id}`, {
    again: ['users'],
    done: 'Invitation withdrawn',
  })
  const columns: DataColumn<InvitationView>[] = [
    { id: 'name', header: 'Name', phone: 'title', cell: ({ name }) => <Foreign text={name} /> },
    { id: 'role', header: 'Role', cell: ({ role }) => role },
    { id: 'ends', header: 'Ends', cell: ({ expiresAt }) => <Ago at={expiresAt} /> },
    {
      id: 'act',
      header: 'Actions',
      align: 'end',
      cell: (invitation) => (
        <Button
          size="compact-xs"
          variant="default"
          loading={withdraw.isPending}
          onClick={() => withdraw.mutate(invitation)}
        >
          Withdraw
        </Button>
      ),
    },
  ]
  return (
    <Section flush title="Invitations" about="Links that nobody has used yet.">
      <DataTable label="Invitations" columns={columns} rows={invitations} rowKey={({ id }) => id} />
    </Section>
  )
}
