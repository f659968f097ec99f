import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ProblemError } from '../api/problem'
import { request } from '../api/request'
import { told } from './told'

export interface ActOptions<Answer, Input> {
  /** what is told when it worked; nothing when absent */
  done?: string | ((answer: Answer, input: Input) => string)
  /** first words of paths that are read again. @default that of the path */
  again?: readonly string[]
  /** the body out of what `mutate` was called with. @default that itself */
  body?: (input: Input) => unknown
  /** problems the page shows itself (validation in a form): no notification */
  quiet?: boolean
  /** what is done when it worked, also where the page or dialog that asked for it was left meanwhile */
  worked?: (answer: Answer, input: Input) => void
  /** how long an answer is waited for, ms @default that of every change */
  limitMs?: number
}

/**
 * Changes something by the console's API: `act.mutate(input)`. A refusal is told with the gateway's sentence.
 * @param path below /v1/console, or made of what is changed: `(input) => \`users/${input.id}\``
 */
export function useAct<Answer = unknown, Input = void>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string | ((input: Input) => string),
  options: ActOptions<Answer, Input> = {},
) {
  const client = useQueryClient()
  const { done, again, body = (input: Input) => input, quiet = false, worked, limitMs } = options
  const pathOf = (input: Input): string => (typeof path === 'string' ? path : path(input))
  return useMutation<Answer, Error, Input>({
    mutationFn: (input) => {
      const sent = method === 'DELETE' && options.body === undefined ? undefined : body(input)
      return request<Answer>(pathOf(input), { method, body: sent, limitMs })
    },
    onSuccess(answer, input) {
      const words = again ?? [pathOf(input).split('/')[0] ?? '']
      void client.invalidateQueries({
        predicate: ({ queryKey: [kind, of] }) =>
          kind === 'api' && typeof of === 'string' && words.includes(of.split('/')[0] ?? ''),
      })
      const message = typeof done === 'function' ? done(answer, input) : done
      if (message !== undefined) notifications.show({ message, color: 'teal' })
      worked?.(answer, input)
    },
    onError(error) {
      if (quiet || (error instanceof ProblemError && error.status === 401)) return
      told(error)
    },
  })
}
