import { useLayoutEffect, useMemo } from 'react'
import { heirOf } from './focus-heir'

/** What has the focus; of an item of a menu, which will be gone, what opened the menu. */
function focused(): Element | null {
  const { activeElement: active, body } = document
  const menu = active?.closest('[role=menu]')?.getAttribute('aria-labelledby')
  if (menu) return document.getElementById(menu)
  return active === body ? null : active
}

/** Once a dialog is closed, the focus is where it came from, or with its heir where there is no such thing any more. */
export function useFocusBack(opened: boolean): void {
  // while it renders: when it is there, a menu that it was chosen from is not
  const heir = useMemo(() => {
    const from = opened ? focused() : null
    return from === null ? null : heirOf(from)
  }, [opened])
  useLayoutEffect(() => {
    if (!opened) return
    return () => {
      setTimeout(() => {
        const { activeElement: active, body } = document
        if (active !== body && active?.closest('[role=dialog]') === null) return
        const main = document.getElementById('main')
        const to = heir === null ? main : heir()
        to?.focus({ preventScroll: true })
        // it cannot be pressed now, as what publishes a text that is still checked
        if (document.activeElement !== to) main?.focus({ preventScroll: true })
      })
    }
  }, [opened, heir])
}
