import { type Html, html } from './html.js'
import type { Colour } from './palette.js'

export interface Piece {
  /** 0 to 1 of the whole */
  share: number
  colour: Colour
}

/** A bar in pieces, as wide as there is room. Decoration: the words beside it say the same. */
export function bar(pieces: readonly Piece[], className: string): Html {
  let at = 0
  const rects = pieces.map(({ share, colour }) => {
    const width = Math.min(100 - at, 100 * Math.max(0, share))
    const rect = html`<rect x="${at.toFixed(2)}%" width="${width.toFixed(2)}%" height="100%" fill="var(--${colour})"/>`
    at += width
    return rect
  })
  return html`<svg class="${className}" aria-hidden="true" focusable="false"><rect width="100%" height="100%" fill="var(--sunk)"/>${rects}</svg>`
}
