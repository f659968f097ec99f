/** What a template may hold, written `{to}`. */
export const PLACEHOLDERS = ['to', 'body', 'idempotencyKey', 'receiptUrl'] as const
export type Values = Record<(typeof PLACEHOLDERS)[number], string>

/** A value that cannot leave the place it stands in. */
export type Encode = (value: string) => string

const PLACEHOLDER = /\{([A-Za-z]\w*)\}/g

/** Fills in one pass: a body that itself reads `{to}` is text, not a template. */
export function fill(template: string, values: Values, encode: Encode): string {
  return template.replace(PLACEHOLDER, (_, name: keyof Values) => encode(values[name]))
}

/** Placeholders that do not exist, for the message of a configuration error. */
export function unknownPlaceholders(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)]
    .map(([written, name]) => ({ written, name }))
    .filter(({ name }) => !PLACEHOLDERS.some((known) => known === name))
    .map(({ written }) => written)
}

/** Fills the strings of a JSON value, which quotes them by itself. */
export function fillJson(template: unknown, values: Values): unknown {
  if (typeof template === 'string') return fill(template, values, asText)
  if (Array.isArray(template)) return template.map((item) => fillJson(item, values))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, fillJson(value, values)]),
  )
}

/** Half a surrogate pair has no UTF-8 and makes URL encoding throw. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString()
}

export const asText: Encode = (value) => value
export const inUrl: Encode = (value) => encodeURIComponent(value)
const inJson: Encode = (value) => JSON.stringify(value).slice(1, -1)

/** A line break would begin a header of the sender's choice; beyond ASCII, implementations differ. */
export const inHeader: Encode = (value) =>
  value.replace(/[^\x20-\x7e]|%/gu, (character) => encodeURIComponent(character))

const XML: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
/** Control characters have no place in XML 1.0, escaped or not. */
const inXml: Encode = (value) =>
  value
    .replace(/[^\P{Cc}\t\n\r]/gu, '')
    .replace(/[&<>"']/g, (character) => XML[character] ?? character)

/** How values are encoded in a text body of this content type. */
export function encodeFor(contentType: string): Encode {
  const type = contentType.toLowerCase()
  if (/[/+]json\b/.test(type)) return inJson
  if (/[/+]xml\b/.test(type)) return inXml
  return type.startsWith('application/x-www-form-urlencoded') ? inUrl : asText
}
