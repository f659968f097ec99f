import { useState } from 'react'
import { useMe } from './use-me'

/** By person and place, in memory alone: the next one to sign in here has none of it, and it may hold numbers of people. */
const kept = new Map<string, unknown>()

/** Something is written that would be gone with the page. */
export const hasKept = (): boolean => kept.size > 0

// the browser asks before the page is loaded anew or left with all of it
window.addEventListener('beforeunload', (event) => {
  if (hasKept()) event.preventDefault()
})

/** Whoever signs out leaves nothing behind. */
export const forgetKept = (): void => kept.clear()

/**
 * What a person has written and not sent yet: still there when its dialog or page is opened again, also after a session that
 * ran out meanwhile.
 * @param place of the console, e.g. `lists`
 * @param nothing what there is before anything is written; setting it again forgets what was kept
 * @returns also what forgets it once it was sent, unless more was written since
 */
export function useKept<T>(
  place: string,
  nothing: T,
): [value: T, set: (next: T) => void, forget: (sent: T) => void] {
  const { id } = useMe()
  const key = `${id} ${place}`
  const [value, setValue] = useState(() => (kept.has(key) ? (kept.get(key) as T) : nothing))
  const set = (next: T): void => {
    if (next === nothing) kept.delete(key)
    else kept.set(key, next)
    setValue(next)
  }
  const forget = (sent: T): void => {
    if (kept.get(key) === sent) set(nothing)
  }
  return [value, set, forget]
}
