import { Button, Group, Radio, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { LinkMadeView } from '../../../../src/http/console/access-view'
import { Dialog, type Role, sentenceOf, useAct } from '../../kit'
import { LINK_TITLE, LinkMade } from './link-made'

const ROLES: readonly (readonly [role: Role, may: string])[] = [
  ['viewer', 'reads everything, with masked phone numbers'],
  ['analyst', 'contains attacks, reviews requests, keeps lists'],
  ['admin', 'changes policy, users, keys and alerts'],
]

/** Name and role of somebody new; then the link to hand over, once. */
export function Invite({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const invite = useAct<LinkMadeView, { name: string; role: Role }>('POST', 'invitations', {
    again: ['users'],
    quiet: true,
  })
  const { data: made } = invite
  if (made !== undefined)
    return (
      <Dialog stays onClose={onClose} title={LINK_TITLE}>
        <LinkMade made={made} name={name.trim()} onDone={onClose} />
      </Dialog>
    )
  return (
    <Dialog
      stays={invite.isPending}
      written={name.trim() !== ''}
      onClose={onClose}
      title="Invite a user"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          invite.mutate({ name: name.trim(), role })
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description="as the audit log shows it; an e-mail address is a good one"
            maxLength={64}
            required
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={invite.error ? sentenceOf(invite.error) : undefined}
          />
          <Radio.Group label="Role" value={role} onChange={(value) => setRole(value as Role)}>
            <Stack gap="xs" mt="xs">
              {ROLES.map(([value, may]) => (
                <Radio key={value} value={value} label={value} description={may} />
              ))}
            </Stack>
          </Radio.Group>
          <Group justify="flex-end">
            <Button variant="default" disabled={invite.isPending} onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={invite.isPending}>
              Make the link
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
