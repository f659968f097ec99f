import { Button, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import { Confirm, Section, useAct } from '../../kit'
import { RecoveryCodes } from '../sign-in/recovery-codes'

/** How many are left, and new ones in their place. */
export function OwnRecoveryCodes({ left }: { left: number }) {
  const [asking, setAsking] = useState(false)
  const [codes, setCodes] = useState<string[]>([])
  const make = useAct<{ recoveryCodes: string[] }>('POST', 'me/recovery-codes', {
    again: ['me', 'users'],
  })
  return (
    <Section
      title="Your recovery codes"
      about="Each signs you in once, for when no passkey is at hand."
      actions={
        <Button size="xs" variant="default" onClick={() => setAsking(true)}>
          Make new codes
        </Button>
      }
    >
      {left === 0 ? (
        <strong>None are left. Make new ones before you need one.</strong>
      ) : (
        `${left} of 10 are left.`
      )}
      <Confirm
        opened={asking}
        title="Make new recovery codes"
        action="Make new codes"
        busy={make.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          make.mutate(undefined, {
            onSuccess: ({ recoveryCodes }) => setCodes(recoveryCodes),
            onSettled: () => setAsking(false),
          })
        }
      >
        The codes you have stop working.
      </Confirm>
      <Modal
        opened={codes.length > 0}
        onClose={() => setCodes([])}
        title="Your new recovery codes"
        closeOnClickOutside={false}
        closeOnEscape={false}
        withCloseButton={false}
      >
        <Stack gap="md">
          <RecoveryCodes codes={codes} action="Done" onDone={() => setCodes([])} />
        </Stack>
      </Modal>
    </Section>
  )
}
