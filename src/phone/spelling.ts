import {
  type CountryCode,
  getCountries,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'

/** E.164 has 15 digits; with punctuation, a trunk prefix and an extension nobody needs more than this. */
export const LONGEST_INPUT = 40

const COUNTRIES: ReadonlySet<string> = new Set(getCountries())

/** Whether national numbers of this country can be read. @param country ISO 3166 alpha-2, upper case */
export function isCountry(country: string): country is CountryCode {
  return COUNTRIES.has(country)
}

/**
 * Reads one phone number in any spelling people use; `null` when the text is anything but one number.
 *
 * Ignored: surrounding white space, a leading `tel:`, and invisible formatting marks (address books paste direction
 * marks around numbers). Digits may be ASCII, full-width, Arabic-Indic or Persian; `(+33)` is `+33`. Everything else that is not
 * punctuation of phone numbers refuses the whole text: letters (also vanity words), control characters, other text
 * before or behind, `;phone-context=`, `;isub=`. An extension is read, so that it can be refused by name.
 */
export function readSpelling(
  input: string,
  defaultCountry: string | undefined,
): PhoneNumber | null {
  if (input.length > LONGEST_INPUT) return null
  const text = input
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^tel:/i, '')
    .replace('\uff0b', '+')
    .replace(/^\(\+/, '+(')
  if (/\p{Cc}|;(?:phone-context|isub)=/iu.test(text)) return null
  const country = defaultCountry?.toUpperCase()
  const options = country !== undefined && isCountry(country) ? { defaultCountry: country } : {}
  return parsePhoneNumberFromString(text, { ...options, extract: false }) ?? null
}
