import { Modal, type ModalProps } from '@mantine/core'
import { useState } from 'react'
import { Confirm } from './confirm'
import { useFocusBack } from './use-focus-back'

interface DialogProps extends Omit<ModalProps, 'opened'> {
  /** closes by its own buttons alone: what is made, or shown for the only time, would be lost @default false */
  stays?: boolean
  /** something was written in it that is kept nowhere else: Escape or a click beside it asks first @default false */
  written?: boolean
}

/** A dialog that is open for as long as it is rendered. */
export function Dialog({ stays = false, written = false, onClose, ...props }: DialogProps) {
  const [leaving, setLeaving] = useState(false)
  useFocusBack(true)
  return (
    <>
      <Modal
        opened
        onClose={() => (written ? setLeaving(true) : onClose())}
        closeButtonProps={{ 'aria-label': 'Close' }}
        // of two dialogs the upper one alone
        closeOnEscape={!stays && !leaving}
        closeOnClickOutside={!stays}
        withCloseButton={!stays}
        {...props}
      />
      {/* not there before it is asked: it would take the key that asks for its answer */}
      {leaving && (
        <Confirm
          opened
          onClose={() => setLeaving(false)}
          onConfirm={onClose}
          title="Throw away what you wrote?"
          action="Throw it away"
          danger
        >
          It was not sent, and is kept nowhere.
        </Confirm>
      )}
    </>
  )
}
