import { createPhone } from '../../src/phone/parse.js'

export interface Leak {
  what: string
  line: string
}

/** What no line of a log may have in it, whatever was tested. */
const SECRETS: readonly [what: string, pattern: RegExp][] = [
  ['a secret of a key, a session or a hash of a code', /(?<![\w/+=-])[\w-]{43}(?![\w/+=-])/],
  ['a server key', /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/],
  ['credentials', /\b(?:basic|bearer)\s+[\w+/=:-]{12,}/i],
  ['a webhook secret', /whsec_[\w+/=]+/],
  ['a solved challenge', /eyJ[\w+/=-]{100,}/],
  ['a code in words', /\bcode\b[^0-9]{0,20}\b[0-9]{4,10}\b/i],
]

const { parse } = createPhone()

/** A whole number that a message could be sent to; ranges and block keys are none. */
function wholeNumbers(text: string): string[] {
  return (text.match(/(?<![\w.+-])\+[1-9][0-9]{7,14}(?![\w*-])/g) ?? []).filter(
    (found) => parse(found).problem === null,
  )
}

/** Numbers and codes that a provider was asked to send to, of the process whose log it is. */
export function secretsOf(told: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const text of told) {
    for (const number of text.match(/\+?[1-9][0-9]{8,14}/g) ?? [])
      found.add(number.replace('+', ''))
    for (const code of text.match(/(?<![0-9+])[0-9]{6}(?![0-9])/g) ?? []) found.add(code)
  }
  return found
}

/** Every string of a line. Numbers of it are times, counts and statuses. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsIn(inner)])
}

/** @param lines JSON, one a line @param secrets see `secretsOf` */
export function leaksIn(
  lines: readonly string[],
  secrets: ReadonlySet<string> = new Set(),
): Leak[] {
  const leaks: Leak[] = []
  for (const line of lines) {
    if (line.trim() === '') continue
    const texts = stringsIn(JSON.parse(line))
    const found = new Set<string>()
    for (const text of texts) {
      if (wholeNumbers(text).length > 0) found.add('a whole phone number')
      for (const [what, pattern] of SECRETS) if (pattern.test(text)) found.add(what)
      // a stack names lines of files, and ids are hexadecimal
      for (const digits of text.match(/(?<![\w.:/+-])[0-9]{6,15}(?![\w.:/-])/g) ?? [])
        if (secrets.has(digits)) found.add('what a provider was asked to send')
    }
    for (const what of found) leaks.push({ what, line })
  }
  return leaks
}
