const NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

/** English name of a country or region code of ISO 3166-1, as Unicode's CLDR has it; `null` where there is none. */
export const regionName = (code: string): string | null =>
  /^[A-Z]{2}$/.test(code) ? (NAMES.of(code) ?? null) : null
