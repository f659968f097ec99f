import { Button, Group, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { MeView, PasskeyView } from '../../../../src/http/console/access-view'
import {
  Ago,
  Confirm,
  type DataColumn,
  DataTable,
  Dialog,
  Empty,
  Foreign,
  Section,
  useAct,
  When,
} from '../../kit'
import { Note } from '../sign-in/frame'
import { addPasskey, passkeyProblem } from '../sign-in/passkey'

/** The passkeys one signs in with: one for each device, and never none. */
export function OwnPasskeys({ me }: { me: MeView }) {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [renamed, setRenamed] = useState<PasskeyView | null>(null)
  const [removed, setRemoved] = useState<PasskeyView | null>(null)
  const remove = useAct<void, PasskeyView>(
    'DELETE',
    ({ id }) => `me/passkeys/${encodeURIComponent(id)}`,
    { done: 'Passkey removed', again: ['me', 'users'] },
  )
  const last = me.passkeys.length === 1

  async function add(): Promise<void> {
    setBusy(true)
    setProblem(null)
    try {
      await addPasskey('')
      await client.invalidateQueries({ queryKey: ['api', 'me'] })
    } catch (error) {
      setProblem(passkeyProblem(error))
    } finally {
      setBusy(false)
    }
  }

  const columns: DataColumn<PasskeyView>[] = [
    { id: 'name', header: 'Name', phone: 'title', cell: ({ name }) => <Foreign text={name} /> },
    {
      id: 'kept',
      header: 'Kept in',
      cell: ({ synced }) => (synced ? 'a password manager, on several devices' : 'one device'),
    },
    { id: 'made', header: 'Made', cell: ({ createdAt }) => <When at={createdAt} /> },
    {
      id: 'used',
      header: 'Last used',
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'not yet' : <Ago at={lastUsedAt} />),
    },
    {
      id: 'act',
      header: 'Actions',
      align: 'end',
      cell: (passkey) => (
        <Group gap="xs" justify="flex-end">
          <Button size="compact-xs" variant="default" onClick={() => setRenamed(passkey)}>
            Rename
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            disabled={last}
            title={last ? 'The last passkey stays: add another first' : undefined}
            onClick={() => setRemoved(passkey)}
          >
            Remove
          </Button>
        </Group>
      ),
    },
  ]
  return (
    <Section
      flush
      title="Your passkeys"
      about="One for each device you use. There is no password."
      actions={
        <Button size="xs" loading={busy} onClick={() => void add()}>
          Add a passkey
        </Button>
      }
    >
      {problem !== null && <Note tone="bad">{problem}</Note>}
      <DataTable
        label="Your passkeys"
        empty={<Empty title="No passkey yet">Add one on each device that you sign in from.</Empty>}
        columns={columns}
        rows={me.passkeys}
        rowKey={({ id }) => id}
      />
      <Confirm
        danger
        opened={removed !== null}
        title="Remove a passkey"
        action="Remove"
        busy={remove.isPending}
        onClose={() => setRemoved(null)}
        onConfirm={() => removed && remove.mutate(removed, { onSettled: () => setRemoved(null) })}
      >
        <bdi>{removed?.name}</bdi> signs in no more. The device still shows it until it is deleted
        there.
      </Confirm>
      {renamed !== null && <Rename passkey={renamed} onClose={() => setRenamed(null)} />}
    </Section>
  )
}

function Rename({ passkey, onClose }: { passkey: PasskeyView; onClose: () => void }) {
  const [name, setName] = useState(passkey.name)
  const rename = useAct<void, { name: string }>(
    'PATCH',
    `me/passkeys/${encodeURIComponent(passkey.id)}`,
  )
  return (
    <Dialog onClose={onClose} title="Rename a passkey">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          rename.mutate({ name }, { onSuccess: onClose })
        }}
      >
        <TextInput
          label="Name"
          maxLength={64}
          required
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group mt="lg" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={rename.isPending}>
            Rename
          </Button>
        </Group>
      </form>
    </Dialog>
  )
}
