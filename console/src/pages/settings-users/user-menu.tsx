import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import type { LinkMadeView, UserView } from '../../../../src/http/console/access-view'
import { Confirm, type Role, useAct, useMe } from '../../kit'

const ROLES: readonly Role[] = ['viewer', 'analyst', 'admin']

/** What an administrator does with another user. */
export function UserMenu({
  user,
  onLink,
}: {
  user: UserView
  onLink: (made: LinkMadeView & { name: string }) => void
}) {
  const me = useMe()
  const [deleting, setDeleting] = useState(false)
  const path = `users/${user.id}`
  const change = useAct<void, { role?: Role; disabled?: boolean }>('PATCH', path)
  const remove = useAct<void>('DELETE', path, { done: 'User deleted' })
  const link = useAct<LinkMadeView>('POST', `${path}/link`)
  const end = useAct<void>('DELETE', `${path}/sessions`, { done: 'Signed out everywhere' })
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
                <Menu.Item
                  key={role}
                  disabled={role === user.role}
                  onClick={() => change.mutate({ role })}
                >
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
              <Menu.Item onClick={() => change.mutate({ disabled: !user.disabled })}>
                {user.disabled ? 'Enable' : 'Disable'}
              </Menu.Item>
              <Menu.Item color="red" onClick={() => setDeleting(true)}>
                Delete
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        danger
        opened={deleting}
        title="Delete a user"
        action="Delete"
        busy={remove.isPending}
        onClose={() => setDeleting(false)}
        onConfirm={() => remove.mutate(undefined, { onSettled: () => setDeleting(false) })}
      >
        <bdi>{user.name}</bdi> cannot sign in any more, and is signed out everywhere. What they did
        stays in the audit log.
      </Confirm>
    </>
  )
}
