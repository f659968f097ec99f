import { SUBJECT_INDEX } from '../compile.js'
import type { Subject } from '../policy.js'
import type { Query } from '../state.js'

/** A key as a reason may show it: ranges and sources in clear, a number only by its last two digits. */
export function subjectLabel(query: Query, subject: Subject): string {
  const key = query.keys[SUBJECT_INDEX[subject]] ?? ''
  if (subject === 'number') return key.startsWith('+') ? maskNumber(key) : 'number'
  if (subject === 'abroad') return query.service
  return key
}

/** `+2348031234567` to `+23480******67`: enough to recognise, not to call. */
export function maskNumber(e164: string): string {
  if (e164.length < 9) return `${e164.slice(0, 2)}${'*'.repeat(Math.max(0, e164.length - 2))}`
  return `${e164.slice(0, 6)}${'*'.repeat(e164.length - 8)}${e164.slice(-2)}`
}
