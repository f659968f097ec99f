import { Modal, type ModalProps } from '@mantine/core'
import { useFocusBack } from './use-focus-back'

interface DialogProps extends Omit<ModalProps, 'opened'> {
  /** closes by its own buttons alone: what is made, or shown for the only time, would be lost @default false */
  stays?: boolean
}

/** A dialog that is open for as long as it is rendered. */
export function Dialog({ stays = false, ...props }: DialogProps) {
  useFocusBack(true)
  return (
    <Modal
      opened
      closeButtonProps={{ 'aria-label': 'Close' }}
      closeOnEscape={!stays}
      closeOnClickOutside={!stays}
      withCloseButton={!stays}
      {...props}
    />
  )
}
