import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import type { LinkMadeView, UserView } from '../../../../src/http/console/access-view'
import { Confirm, type Role, useAct, useMe } from '../../kit'

const ROLES: readonly Role[] = ['viewer', 'analyst', 'admin']
const MAY: Record<Role, string> = {
  viewer: 'reads every page with masked numbers, and changes nothing',
  analyst: 'sees full numbers, answers attacks and reviews, and keeps the lists',
  admin: 'changes policy, users, keys and alerts, your own rights too',
}

/** What is done to a user after a question. */
type Asked = 'delete' | 'disable' | Role
const TITLE: Record<Asked, string> = {
  delete: 'Delete a user',
  disable: 'Disable a user',
  viewer: 'Make a viewer',
  analyst: 'Make an analyst',
  admin: 'Make an administrator',
}

/** What an administrator does with another user. */
export function UserMenu({
  user,
  onLink,
}: {
  user: UserView
  onLink: (made: LinkMadeView & { name: string }) => void
}) {
  const me = useMe()
  const [asked, setAsked] = useState<Asked>('delete')
  const [asking, setAsking] = useState(false)
  const path = `users/${user.id}`
  const change = useAct<void, { role?: Role; disabled?: boolean }>('PATCH', path, {
    done: (_, { role, disabled }) =>
      role !== undefined ? `Is ${role} now` : disabled ? 'User disabled' : 'User enabled',
  })
  const remove = useAct<void>('DELETE', path, { done: 'User deleted' })
  const link = useAct<LinkMadeView>('POST', `${path}/link`)
  const end = useAct<void>('DELETE', `${path}/sessions`, { done: 'Signed out everywhere' })
  const ask = (what: Asked): void => {
    setAsked(what)
    setAsking(true)
  }
  const confirmed = (): void => {
    const end = { onSettled: () => setAsking(false) }
    if (asked === 'delete') remove.mutate(undefined, end)
    else change.mutate(asked === 'disable' ? { disabled: true } : { role: asked }, end)
  }
  // one cannot take one's own rights away: nobody could give them back
  const self = user.id === me.id
  return (
    <>
      <Menu position="bottom-end" width={240} withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size="sm" aria-label={`Actions for ${user.name}`}>
            <IconDots size={14} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {self ? (
            <Menu.Label>Another administrator changes your role</Menu.Label>
          ) : (
            <>
              <Menu.Label>Role</Menu.Label>
              {ROLES.map((role) => (
                <Menu.Item key={role} disabled={role === user.role} onClick={() => ask(role)}>
                  {role === user.role ? `Is ${role}` : `Make ${role}`}
                </Menu.Item>
              ))}
              <Menu.Divider />
            </>
          )}
          {user.provider === null && !user.disabled && (
            <Menu.Item
              onClick={() =>
                link.mutate(undefined, {
                  onSuccess: (made) => onLink({ ...made, name: user.name }),
                })
              }
            >
              Link for a new passkey
            </Menu.Item>
          )}
          <Menu.Item disabled={user.sessions === 0} onClick={() => end.mutate()}>
            {self ? 'Sign out everywhere else' : 'Sign out everywhere'}
          </Menu.Item>
          {!self && (
            <>
              {user.disabled ? (
                <Menu.Item onClick={() => change.mutate({ disabled: false })}>Enable</Menu.Item>
              ) : (
                <Menu.Item onClick={() => ask('disable')}>Disable</Menu.Item>
              )}
              <Menu.Item color="red" onClick={() => ask('delete')}>
                Delete
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        danger={asked === 'delete' || asked === 'disable'}
        opened={asking}
        title={TITLE[asked]}
        action={asked === 'delete' ? 'Delete' : asked === 'disable' ? 'Disable' : `Make ${asked}`}
        busy={remove.isPending || change.isPending}
        onClose={() => setAsking(false)}
        onConfirm={confirmed}
      >
        <Consequence of={asked} user={user} />
      </Confirm>
    </>
  )
}

function Consequence({ of, user }: { of: Asked; user: UserView }) {
  const name = <bdi>{user.name}</bdi>
  if (of === 'delete')
    return (
      <>
        {name} cannot sign in any more, and is signed out everywhere. What they did stays in the
        audit log.
      </>
    )
  if (of === 'disable')
    return (
      <>{name} is signed out everywhere at once, and cannot sign in until you enable them again.</>
    )
  return (
    <>
      {name} is {user.role} now. As {of} they have the role that {MAY[of]}. It holds from their next
      click on.
      {user.provider !== null &&
        ` Where the groups of ${user.provider} decide roles, these hold again with the next sign-in.`}
    </>
  )
}
