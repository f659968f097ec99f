const WORD = /([a-z])([A-Z])/g

/**
 * What is kept with an action, in a line: `role: analyst, hours: 72`.
 * @param said names that the line has already
 */
export function detailWords(
  detail: Readonly<Record<string, unknown>> | null,
  said: readonly (string | null)[] = [],
): string {
  if (detail === null) return ''
  return Object.entries(detail)
    .filter(([name, value]) => name !== 'name' || !said.includes(String(value)))
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name.replace(WORD, '$1 $2').toLowerCase()}: ${words(value)}`)
    .join(', ')
}

function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join(' ')
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  return String(value)
}
