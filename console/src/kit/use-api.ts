import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type Query, request } from '../api/request'
import { kindsOf, type LiveKind } from '../live/kinds'

export interface ApiOptions {
  /** `false`: not asked yet, because something it needs is not known */
  enabled?: boolean
  /** kinds of events after which it is read again. @default by the first word of the path */
  live?: readonly LiveKind[]
  /** shows the answer to the query before while a new one is on its way. @default true */
  keep?: boolean
}

export const keyOf = (path: string, query: Query = {}) => ['api', path, query] as const

/**
 * Reads from the console's API and stays up to date with events.
 * @param path below /v1/console, e.g. `decisions/abc`; encode what comes from elsewhere
 */
export function useApi<T>(path: string, query?: Query, options: ApiOptions = {}) {
  const { enabled = true, live = kindsOf(path), keep = true } = options
  return useQuery<T>({
    queryKey: keyOf(path, query),
    queryFn: ({ signal }) => request<T>(path, { query, signal }),
    enabled,
    meta: { live },
    ...(keep && { placeholderData: keepPreviousData }),
  })
}

/** One page of a list; `next` goes into the query as `before`, `null` at the end. */
export interface Page<Row> {
  rows: Row[]
  next: string | number | null
}

/**
 * Reads a list page by page (keyset). Lists that grow at their top are not read again by themselves, for rows would
 * move under the reader's hand: give `live` where they are short.
 */
export function usePages<Answer extends Page<unknown>>(
  path: string,
  query: Query = {},
  options: Pick<ApiOptions, 'enabled' | 'live'> = {},
) {
  const { enabled = true, live = [] } = options
  const pages = useInfiniteQuery({
    queryKey: ['api', path, query, 'pages'],
    queryFn: ({ signal, pageParam }) =>
      request<Answer>(path, { query: { ...query, before: pageParam }, signal }),
    initialPageParam: null as string | number | null,
    getNextPageParam: (page) => page.next,
    enabled,
    meta: { live },
    placeholderData: keepPreviousData,
  })
  const rows = (pages.data?.pages ?? []).flatMap((page) => page.rows) as Answer['rows']
  return {
    ...pages,
    rows,
    /** for `DataTable` */
    more: {
      has: pages.hasNextPage,
      busy: pages.isFetchingNextPage,
      load: () => void pages.fetchNextPage(),
    },
  }
}
