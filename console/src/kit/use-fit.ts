import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useLayoutEffect, useState } from 'react'

const PHONE = '(max-width: 48em)'

/**
 * Gives the box of a table, as `data-fit`, the roomiest layout that it does not have to scroll sideways, for what acts on a
 * row stands at its end: `whole`, `tight` without the columns it can do without, or `cards`.
 */
export function useFit(box: HTMLElement | null): void {
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false })
  const [, setRoom] = useState(0)

  // before it is painted, and again whenever what the table holds, or its room, has changed
  useLayoutEffect(() => {
    if (box === null) return
    // a page that is shorter while this tries layouts would be scrolled
    box.style.minHeight = `${box.offsetHeight}px`
    const fits = (fit: string): boolean => {
      box.dataset.fit = fit
      return box.scrollWidth <= box.clientWidth + 1
    }
    if (phone || !['whole', 'tight'].some(fits)) box.dataset.fit = 'cards'
    box.style.minHeight = ''
  })
  useEffect(() => {
    if (box === null) return
    const observer = new ResizeObserver(() => setRoom(box.clientWidth))
    observer.observe(box)
    return () => observer.disconnect()
  }, [box])
}
