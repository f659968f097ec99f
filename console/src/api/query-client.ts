import { notifyManager, QueryClient } from '@tanstack/react-query'
import type { LiveKind } from '../../../src/desk/live'
import { ProblemError } from './problem'

declare module '@tanstack/react-query' {
  interface Register {
    /** kinds of events after which an answer is read again */
    queryMeta: { live?: readonly LiveKind[] }
  }
}

// with the next key or click a page knows that something is under way: a dialog must not be closed over what it makes
notifyManager.setScheduler(queueMicrotask)

/** Answers of a gateway or proxy that may be another one in a moment. */
const PASSING = new Set([0, 429, 502, 503, 504])
const TRIES = 3
const AGAIN_MS = 20_000

/** One that was waited for in vain is told at once: it took long enough. */
const passing = (error: Error): boolean =>
  error instanceof ProblemError && PASSING.has(error.status) && error.code !== 'timed_out'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < TRIES && passing(error),
      retryDelay: (failures) => Math.min(8_000, 500 * 2 ** failures),
      // what failed for good is asked again now and then: nobody has to sit by the button
      refetchInterval: ({ state }) => (state.status === 'error' ? AGAIN_MS : false),
      // pages are told when something changed; between that, what was read is good
      staleTime: 30_000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      // a gateway on this machine answers without a network
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})
