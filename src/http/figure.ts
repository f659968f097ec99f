/** A number as answers write it: to six decimals, so that 0.1 + 0.2 is told as 0.3. */
export const figure = (value: number): number =>
  Number.isInteger(value) ? value : Math.round(value * 1e6) / 1e6

export const figureOrNull = (value: number | null): number | null =>
  value === null ? null : figure(value)
