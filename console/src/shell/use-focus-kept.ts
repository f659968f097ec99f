import { useEffect } from 'react'
import { heirOf } from '../kit/focus-heir'

/** These give the focus back themselves. */
const ABOVE_THE_PAGE = '[role=dialog], [role=menu], [role=listbox]'

/**
 * Where what has the focus goes away, as the button that ends a measure does with its row, its heir has it; what cannot be
 * pressed for a moment has it again.
 */
export function useFocusKept(): void {
  useEffect(() => {
    let heir: ReturnType<typeof heirOf> | null = null
    const follow = ({ target }: FocusEvent): void => {
      const ours = target instanceof Element && target.closest(ABOVE_THE_PAGE) === null
      heir = ours ? heirOf(target) : null
    }
    // who presses beside everything wants it nowhere
    const leave = (): void => {
      heir = null
    }
    const observer = new MutationObserver(() => {
      if (heir !== null && document.activeElement === document.body)
        heir()?.focus({ preventScroll: true })
    })
    document.addEventListener('focusin', follow)
    document.addEventListener('pointerdown', leave)
    observer.observe(document.body, {
      ...{ childList: true, subtree: true, attributeFilter: ['disabled'] },
    })
    return () => {
      document.removeEventListener('focusin', follow)
      document.removeEventListener('pointerdown', leave)
      observer.disconnect()
    }
  }, [])
}
