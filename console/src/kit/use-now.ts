import { useEffect, useState, useSyncExternalStore } from 'react'
import { liveState } from '../live/state'

export const useLive = () => useSyncExternalStore(liveState.subscribe, liveState.get)

/** The gateway's clock, Unix ms (a simulation's runs ahead); the component is drawn again every `everyMs`. */
export function useNow(everyMs = 1_000): number {
  const { ahead } = useLive()
  const [here, setHere] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setHere(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return here + ahead
}
