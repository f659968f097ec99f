const CONTROLS = 'a[href], button:not(:disabled), input:not(:disabled)'

/**
 * Who has the focus after an element that may go away, asked once it may have: itself while it is there; of a table's row
 * the same control of the next row that has any; else the section it was in, then the page.
 */
export function heirOf(element: Element): () => HTMLElement | null {
  const row = element.closest('tbody tr')
  const rows = [...(row?.parentElement?.children ?? [])]
  const at = row === null ? 0 : rows.indexOf(row)
  const candidates = [...rows.slice(at), ...rows.slice(0, at).reverse()]
  const place = row === null ? -1 : [...row.querySelectorAll(CONTROLS)].indexOf(element)
  const section = element.closest<HTMLElement>('section')
  return () => {
    if (element.isConnected && element instanceof HTMLElement) return element
    const next = candidates.find((one) => one.isConnected && one.querySelector(CONTROLS) !== null)
    const controls = [...(next?.querySelectorAll<HTMLElement>(CONTROLS) ?? [])]
    const around = section?.isConnected ? section : document.getElementById('main')
    return controls[place] ?? controls.at(-1) ?? around
  }
}
