import type { LiveEvent } from '../../../src/desk/live'
import type { LiveHello } from '../../../src/http/console/hello-view'
import { askHello } from '../api/hello'
import { address, onUnanswered } from '../api/request'
import { happened, readEverythingAgain, readFailedAgain } from './read-again'
import { liveState } from './state'

/** The gateway says something at least every 15 s; after three of these the stream is dead though nobody closed it. */
const SILENT_MS = 45_000
/** Without the stream for so long, numbers are marked as old. */
const STALE_MS = 20_000
/** A browser opens six connections to a host, whatever the tabs: one that nobody looks at gives its own back. */
const HIDDEN_MS = 60_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 15_000

/**
 * Keeps the stream of events open and the page in step with it: catches up from the last event after a gap, reads
 * everything again when the gap is too wide or the gateway is another process, and tells how things stand.
 * @param version of the gateway that this page came from
 * @returns closes it
 */
export function openStream(version: string): () => void {
  let source: EventSource | null = null
  let last: number | null = null
  let wait = FIRST_WAIT_MS
  let lostAt: number | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let hiding: ReturnType<typeof setTimeout> | undefined
  let staling: ReturnType<typeof setTimeout> | undefined
  let closed = false

  const clock = (now: number): void => liveState.set({ ahead: now - Date.now() })

  function heard(): void {
    clearTimeout(silence)
    silence = setTimeout(lost, SILENT_MS)
  }

  function lost(): void {
    source?.close()
    clearTimeout(silence)
    clearTimeout(timer)
    if (closed) return
    if (lostAt === null) {
      const since = Date.now()
      lostAt = since
      liveState.set({ connection: { is: 'reconnecting', since } })
      staling = setTimeout(() => liveState.set({ connection: { is: 'stale', since } }), STALE_MS)
    }
    timer = setTimeout(open, wait)
    wait = Math.min(LONGEST_WAIT_MS, wait * 2)
    // the stream is refused to whoever is signed out, and an EventSource does not say why
    void askHello()
  }

  /** Something else says that the gateway is away: a stream that broke without a word would be called live until it is missed. */
  function doubted(): void {
    if (source !== null && lostAt === null) lost()
  }

  function open(): void {
    clearTimeout(timer)
    source = new EventSource(address('live', { after: last }))
    source.addEventListener('hello', (event) => {
      const told = JSON.parse(event.data) as LiveHello
      heard()
      clearTimeout(staling)
      clock(told.now)
      const gap = lostAt !== null
      lostAt = null
      wait = FIRST_WAIT_MS
      liveState.set({
        connection: { is: 'live' },
        newVersion: told.version === version ? null : told.version,
      })
      if (last === null) last = told.last
      if (gap) readFailedAgain()
    })
    source.addEventListener('beat', (event) => {
      heard()
      clock((JSON.parse(event.data) as { now: number }).now)
    })
    source.addEventListener('resync', (event) => {
      heard()
      last = Number(event.lastEventId)
      readEverythingAgain()
    })
    source.addEventListener('change', (event) => {
      heard()
      last = Number(event.lastEventId)
      const { kind, at } = JSON.parse(event.data) as LiveEvent
      clock(at)
      happened(kind)
    })
    source.addEventListener('error', lost)
    heard()
  }

  function stop(): void {
    source?.close()
    source = null
    for (const each of [timer, silence, hiding]) clearTimeout(each)
  }
  function looked(): void {
    clearTimeout(hiding)
    if (document.hidden) hiding = setTimeout(stop, HIDDEN_MS)
    else if (source === null) open()
  }

  open()
  document.addEventListener('visibilitychange', looked)
  window.addEventListener('offline', doubted)
  const forget = onUnanswered(doubted)
  return () => {
    closed = true
    clearTimeout(staling)
    forget()
    window.removeEventListener('offline', doubted)
    document.removeEventListener('visibilitychange', looked)
    stop()
  }
}
