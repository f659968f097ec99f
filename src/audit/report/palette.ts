/**
 * Colours by name, light and dark. Charts are drawn in the light ones; in the page each of them becomes its variable, so
 * that one drawing is legible in both. Text colours have a contrast of at least 4.5 on `page` and `card` (WCAG 2.2 AA);
 * the four certainties differ in lightness, too, for people who do not see red from green.
 */
const PALETTE = {
  page: ['#f5f6f8', '#0f1318'],
  card: ['#ffffff', '#171c23'],
  sunk: ['#f0f2f5', '#1f2630'],
  line: ['#dce1e7', '#2d3642'],
  ink: ['#17202c', '#e8ecf1'],
  soft: ['#55606e', '#a3aebb'],
  link: ['#1f5fa8', '#82b6f0'],
  surely: ['#b3261e', '#ff6f61'],
  probably: ['#e0752d', '#f7a35c'],
  unclear: ['#e8bd4a', '#d8b75a'],
  fine: ['#6f9dc2', '#5f8fb8'],
  good: ['#1c7c54', '#56c596'],
  land: ['#e3e7ec', '#2a323d'],
  heat1: ['#fde9df', '#3a2623'],
  heat2: ['#f9c4a8', '#6b3129'],
  heat3: ['#f09063', '#a54136'],
  heat4: ['#d4502f', '#dd5a4b'],
  heat5: ['#94170f', '#ff9d90'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

export type Colour = keyof typeof PALETTE

/** A colour as charts are drawn in it. */
export const ink = (colour: Colour): string => PALETTE[colour][0]

export const HEAT = ['heat1', 'heat2', 'heat3', 'heat4', 'heat5'] as const satisfies Colour[]

const entries = Object.entries(PALETTE)

/** Declarations of the variables of one theme. */
export const variables = (theme: 0 | 1): string =>
  entries.map(([name, shades]) => `--${name}:${shades[theme]}`).join(';')

/** The same markup with each colour as its variable. */
export function themed(svg: string): string {
  let text = svg
  for (const [name, [light]] of entries) text = text.replaceAll(`"${light}"`, `"var(--${name})"`)
  return text
}
