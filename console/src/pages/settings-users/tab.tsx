import { Column, useMe } from '../../kit'
import { OwnAccess } from './own-access'
import { Users } from './users'

/** Settings, Users: one's own sign-in for everybody; users and invitations for administrators. */
export function Tab() {
  const me = useMe()
  return (
    <Column>
      {me.can('admin') && <Users />}
      <OwnAccess />
    </Column>
  )
}
