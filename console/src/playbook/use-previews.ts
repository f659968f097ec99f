import { keepPreviousData, useQueries } from '@tanstack/react-query'
import type { MeasureAction } from '../../../src/engine/measures'
import type { PreviewView, TargetView } from '../../../src/http/console/playbook-view'
import { request } from '../kit'

export interface PreviewSum {
  requests: number
  stopped: number
  verified: number
  savedMicroUsd: number
  freed: number
  stoppedAlready: number
  complete: boolean
  /** longest of the usual durations, ms */
  durationMs: number
  monitors: string[]
  /** what has to be typed; the first where several ask for it */
  confirm: string | null
  share: number | null
}

/** What a measure would have done in the last hour, over all its targets. */
export function usePreviews(
  targets: readonly TargetView[],
  action: MeasureAction,
  limit: number | undefined,
  enabled: boolean,
) {
  const previews = useQueries({
    queries: targets.map((target) => ({
      queryKey: ['api', 'playbook/preview', { target, action, limit }],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        request<PreviewView>('playbook/preview', {
          method: 'POST',
          body: { target, action, ...(limit !== undefined && { limit }) },
          signal,
        }),
      enabled,
      staleTime: 15_000,
      placeholderData: keepPreviousData,
    })),
  })
  const known = previews.flatMap(({ data }) => data ?? [])
  const error = previews.find((preview) => preview.error !== null)?.error ?? null
  return {
    error,
    previews: known,
    sum: known.length === targets.length && error === null ? sumOf(known) : null,
    retry: () => {
      for (const preview of previews) void preview.refetch()
    },
  }
}

function sumOf(previews: readonly PreviewView[]): PreviewSum {
  const total = (of: (preview: PreviewView) => number): number =>
    previews.reduce((sum, preview) => sum + of(preview), 0)
  const verified = total((p) => p.verified)
  const inAll = Math.max(0, ...previews.map((p) => p.verifiedInAll))
  return {
    requests: total((p) => p.requests),
    stopped: total((p) => p.stopped),
    verified,
    savedMicroUsd: total((p) => p.savedMicroUsd),
    freed: total((p) => p.freed),
    stoppedAlready: total((p) => p.stoppedAlready),
    complete: previews.every((p) => p.complete),
    durationMs: Math.max(...previews.map((p) => p.durationMs)),
    monitors: [...new Set(previews.flatMap((p) => p.monitors))],
    confirm: previews.find((p) => p.confirm !== null)?.confirm ?? null,
    share: inAll === 0 ? null : Math.min(1, verified / inAll),
  }
}
