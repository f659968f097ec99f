import { notifications } from '@mantine/notifications'
import { ProblemError, sentenceOf } from '../api/problem'

/** Tells why something did not work, with the gateway's sentence. */
export function told(error: unknown): void {
  notifications.show({
    title: error instanceof ProblemError ? error.problem.title : 'That did not work',
    message: sentenceOf(error),
    color: 'red',
    autoClose: 10_000,
  })
}
