import { queryClient } from '../api/query-client'
import type { LiveKind } from './kinds'

/** Counting goes on every second under traffic; people read slower. Other kinds are rare and told at once. */
const SPACING_MS: Partial<Record<LiveKind, number>> = { tally: 4_000 }
const AT_ONCE_MS = 80

const waiting = new Map<LiveKind, ReturnType<typeof setTimeout>>()
const missed = new Set<LiveKind>()
const readAt = new Map<LiveKind, number>()

/** One that fails is tried again by itself: asking anew would begin its tries again, and it would never be told to fail. */
const failing = ({ status, fetchFailureCount }: { status: string; fetchFailureCount: number }) =>
  status === 'error' || fetchFailureCount > 0

function readNow(kinds: ReadonlySet<LiveKind>): void {
  void queryClient.invalidateQueries({
    predicate: ({ meta, state }) =>
      !failing(state) && (meta?.live?.some((kind) => kinds.has(kind)) ?? false),
  })
}

/** Something of a kind happened: what shows it is read again, soon, once for many, and not behind a hidden tab. */
export function happened(kind: LiveKind): void {
  if (document.hidden) {
    missed.add(kind)
    return
  }
  if (waiting.has(kind)) return
  const spacing = SPACING_MS[kind] ?? 0
  const due = (readAt.get(kind) ?? 0) + spacing - performance.now()
  waiting.set(
    kind,
    setTimeout(
      () => {
        waiting.delete(kind)
        readAt.set(kind, performance.now())
        readNow(new Set([kind]))
      },
      Math.max(AT_ONCE_MS, due),
    ),
  )
}

/** Nobody knows what happened meanwhile. */
export function readEverythingAgain(): void {
  missed.clear()
  void queryClient.invalidateQueries()
}

/** What could not be read while nobody answered. */
export function readFailedAgain(): void {
  void queryClient.invalidateQueries({ predicate: ({ state }) => state.status === 'error' })
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden || missed.size === 0) return
  readNow(new Set(missed))
  missed.clear()
})
