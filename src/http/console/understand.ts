import type { NumberFacts } from '../../engine/facts.js'
import { listEntry } from '../../policy/list-entry.js'
import type { SearchField, Understood } from './decisions-view.js'

/** As long as a device or account may be named. */
const MAX_ID = 256
/** No country has whole numbers of fewer digits, calling code included. */
const FEWEST_DIGITS = 7

/**
 * What somebody means who types into a search box: a number, a range, an address, a network, a device or an account.
 * @param parse what is known of a number
 */
export function understand(
  typed: string,
  parse: (text: string) => Pick<NumberFacts, 'e164' | 'problem'>,
): Understood {
  const text = typed.trim()
  const found: { field: SearchField; value: string }[] = []
  const add = (field: SearchField, value: string) => {
    if (!found.some((other) => other.field === field)) found.push({ field, value })
  }
  if (/^dec_[0-9a-f]{32}$/.test(text))
    return { text, field: null, value: text, others: [], decision: text }
  if (/^as\s?[1-9][0-9]{0,9}$/i.test(text)) add('asn', text.replace(/^as\s?/i, ''))

  const spelled = text.replace(/^00/, '+')
  const digits = spelled.replace(/[\s().-]/g, '')
  if (/^\+?[0-9]{1,15}\*?$/.test(digits) && !text.includes('.')) {
    const plus = digits.startsWith('+') ? digits : `+${digits}`
    const prefix = plus.replace(/\*$/, '')
    const number = parse(plus)
    const whole = !plus.endsWith('*') && number.e164 !== '' && number.problem === null
    if (whole) add('number', number.e164)
    if (/^\+[1-9]/.test(prefix)) add('range', prefix)
    if (!whole && !plus.endsWith('*') && prefix.length > FEWEST_DIGITS) add('number', prefix)
  }
  const entry = listEntry(text)
  if (
    entry !== null &&
    !entry.startsWith('+') &&
    /[.:]/.test(entry) &&
    !/^(device|account):/.test(entry)
  )
    add('ip', entry)

  const named = /^(device|account):(.+)$/s.exec(text)
  if (named !== null) {
    add(named[1] === 'device' ? 'device' : 'account', named[2] ?? '')
  } else if (text !== '' && text.length <= MAX_ID) {
    add('device', text)
    add('account', text)
  }
  const [first, ...others] = found
  return { text, field: first?.field ?? null, value: first?.value ?? text, others, decision: null }
}
