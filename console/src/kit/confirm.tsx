import { Button, Group, Modal, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useFocusBack } from './use-focus-back'

interface ConfirmProps {
  opened: boolean
  onClose: () => void
  onConfirm: () => void
  title: string
  /** what will happen, with its number */
  children: ReactNode
  /** on the button: a verb, e.g. "Publish" */
  action: string
  /** has to be typed; for what cannot be undone or refuses everybody */
  word?: string
  danger?: boolean
  busy?: boolean
}

/** Asks before it is done. */
export function Confirm(props: ConfirmProps) {
  const { opened, onClose, onConfirm, title, children, action, word, danger, busy } = props
  const [typed, setTyped] = useState('')
  useFocusBack(opened)
  const ready = word === undefined || typed.trim().toLowerCase() === word.toLowerCase()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
      onExitTransitionEnd={() => setTyped('')}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) onConfirm()
        }}
      >
        {children}
        {word !== undefined && (
          <TextInput
            mt="md"
            label={`Type "${word}" to go on`}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <Group mt="lg" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            disabled={!ready}
            {...(danger && { color: 'red.8' })}
            {...(busy !== undefined && { loading: busy })}
          >
            {action}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
