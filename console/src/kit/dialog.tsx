import { Modal, type ModalProps } from '@mantine/core'
import { useFocusBack } from './use-focus-back'

/** A dialog that is open for as long as it is rendered. */
export function Dialog(props: Omit<ModalProps, 'opened'>) {
  useFocusBack(true)
  return <Modal opened closeButtonProps={{ 'aria-label': 'Close' }} {...props} />
}
