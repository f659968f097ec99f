import type { Saving } from '../audit-result.js'

/** So much of a title as there is room for. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`

/** Best first: what it keeps of the fraud less what it touches of what is fine, both as shares. */
export const bestFirst = <S extends Pick<Saving, 'share' | 'touched'>>(
  savings: readonly S[],
): S[] => [...savings].sort((a, b) => b.share - b.touched - (a.share - a.touched))
