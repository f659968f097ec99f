/**
 * Micro-USD for people: two decimals from one dollar on, below that as many as show two significant digits
 * (USD 0.008 is the price of a message, not USD 0.01).
 */
export function usd(microUsd: number): string {
  const dollars = microUsd / 1e6
  const size = Math.abs(dollars)
  const digits =
    size === 0 || size >= 1 ? 2 : Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(size))))
  const [whole = '', fraction = ''] = dollars.toFixed(digits).split('.')
  const kept =
    fraction.length > 2 ? fraction.slice(0, 2) + fraction.slice(2).replace(/0+$/, '') : fraction
  return `USD ${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${kept}`
}
