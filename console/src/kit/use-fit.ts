import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useLayoutEffect, useState } from 'react'

const PHONE = '(max-width: 48em)'
/** A table with every column, without those it can do without, or with rows as cards. */
export type Fit = 'whole' | 'tight' | 'cards'

/** The roomiest layout of a table that its box does not have to scroll sideways: what acts on a row stands at its end. */
export function useFit(box: HTMLElement | null): Fit {
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false })
  const [room, setRoom] = useState(0)
  /** px that a layout asked for and did not get */
  const [asked, setAsked] = useState<Partial<Record<Fit, number>>>({})
  const fits = (fit: Fit): boolean => (asked[fit] ?? 0) <= room
  const fit: Fit = phone ? 'cards' : ((['whole', 'tight'] as const).find(fits) ?? 'cards')

  // before it is painted, and again whenever what the table holds has changed
  useLayoutEffect(() => {
    if (box === null) return
    const { clientWidth, scrollWidth } = box
    if (clientWidth !== room) setRoom(clientWidth)
    else if (fit !== 'cards' && scrollWidth > clientWidth + 1)
      setAsked({ ...asked, [fit]: scrollWidth })
  })
  useEffect(() => {
    if (box === null) return
    const observer = new ResizeObserver(() => setRoom(box.clientWidth))
    observer.observe(box)
    return () => observer.disconnect()
  }, [box])
  return fit
}
