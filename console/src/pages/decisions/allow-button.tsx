import { Button, Group, Modal, Select, TextInput } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { DecisionDetail } from '../../../../src/http/console/decisions-view'
import { Ago, useAct } from '../../kit'

const HOURS = [
  { value: '1', label: '1 hour' },
  { value: '24', label: '1 day' },
  { value: '168', label: '7 days' },
  { value: '720', label: '30 days' },
]

/** Puts the number on the allow list for a while. */
export function AllowButton({ told }: { told: DecisionDetail }) {
  const [opened, setOpened] = useState(false)
  const [hours, setHours] = useState('24')
  const [number, setNumber] = useState('')
  // of an open verification the number is known although its hash is kept
  const asksNumber = told.numbers === 'hashed' && told.now === null
  const act = useAct<{ expiresAt: number }, { hours: number; number?: string }>(
    'POST',
    `decisions/${told.id}/allow`,
    { done: 'The number is on the allow list.', again: ['decisions', 'lists'] },
  )
  if (told.number === '') return null
  if (told.allowed !== null)
    return (
      <Button
        component="span"
        size="xs"
        variant="default"
        disabled
        leftSection={<IconCheck size={14} aria-hidden />}
      >
        On the allow list
        {told.allowed.expiresAt !== null && (
          <>
            , ends <Ago at={told.allowed.expiresAt} />
          </>
        )}
      </Button>
    )
  return (
    <>
      <Button size="xs" onClick={() => setOpened(true)}>
        Allow this number
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Allow this number"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            act.mutate(
              { hours: Number(hours), ...(asksNumber && { number }) },
              { onSuccess: () => setOpened(false) },
            )
          }}
        >
          <p>
            Its next request passes the lines, the limits and the score. Caps on spending, country
            rules and the deny list still hold. It is in the audit log under your name.
          </p>
          {asksNumber && (
            <TextInput
              label="The number, as the customer says it"
              description="Only its hash is kept here; what you type is compared with it, and the allow list keeps it in clear until it ends."
              placeholder="+2348031234567"
              value={number}
              onChange={(event) => setNumber(event.currentTarget.value)}
              required
              mb="md"
              autoComplete="off"
            />
          )}
          <Select
            label="For how long"
            data={HOURS}
            value={hours}
            onChange={(value) => setHours(value ?? '24')}
            allowDeselect={false}
          />
          <Group mt="lg" justify="flex-end">
            <Button variant="default" onClick={() => setOpened(false)}>
              Cancel
            </Button>
            <Button type="submit" loading={act.isPending}>
              Allow
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  )
}
