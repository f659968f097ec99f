import { useQuery } from '@tanstack/react-query'
import type { HelloView } from '../../../src/http/console/hello-view'
import { queryClient } from './query-client'
import { request } from './request'

export const HELLO_KEY = ['hello'] as const

/** Who is signed in, on what gateway. The only question that needs no session. */
export const useHello = () =>
  useQuery({
    queryKey: HELLO_KEY,
    queryFn: ({ signal }) => request<HelloView>('hello', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: true,
    // one's own role may be another from now on
    meta: { live: ['access'] },
  })

/** Reads again who is signed in: after signing in or out, and when an answer says that nobody is. */
export const askHello = (): Promise<void> => queryClient.invalidateQueries({ queryKey: HELLO_KEY })
