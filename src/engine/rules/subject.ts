import { SUBJECT_INDEX } from '../compile.js'
import { maskNumber } from '../mask.js'
import type { Subject } from '../policy.js'
import type { Query } from '../state.js'

/** A key as a reason may show it: ranges and sources in clear, a number only by its last two digits. */
export function subjectLabel(query: Query, subject: Subject): string {
  const key = query.keys[SUBJECT_INDEX[subject]] ?? ''
  if (subject === 'number') return key.startsWith('+') ? maskNumber(key) : 'number'
  if (subject === 'abroad') return query.service
  return key
}
