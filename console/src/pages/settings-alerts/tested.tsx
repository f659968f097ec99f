import { Alert } from '@mantine/core'
import type { SinkTested } from '../../../../src/http/console/alerts-view'
import { Foreign } from '../../kit'

/** What the sink really answered. */
export const Tested = ({
  name,
  answer: { ok, status, answer },
  onClose,
}: {
  name: string
  answer: SinkTested
  onClose: () => void
}) => (
  <Alert
    mx="md"
    mb="xs"
    color={ok ? 'teal' : 'red'}
    title={ok ? `${name} took the message` : `${name} did not take the message`}
    withCloseButton
    closeButtonLabel="Close"
    onClose={onClose}
    role="status"
  >
    {status !== null && `${status}: `}
    <Foreign text={answer === '' ? 'no words' : answer} lines="all" />
  </Alert>
)
