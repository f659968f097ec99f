import { isIP } from 'node:net'
import { maskNumber } from '../../engine/mask.js'
import { ACTIONS, type MeasureAction, type Target, type TargetKind } from '../../engine/measures.js'
import { ipKeyOfText } from '../../network/ip-key.js'
import { COUNTRIES } from '../../policy/countries.js'
import { listEntry } from '../../policy/list-entry.js'

/** Pausing is for what is too wide to look into; letting a whole service pass would be no gate. */
const NOT_FOR: Partial<Record<MeasureAction, readonly TargetKind[]>> = {
  pause: ['range', 'operator', 'ip', 'subnet', 'network', 'device', 'account'],
  allow: ['service'],
}

export const actionsFor = (kind: TargetKind): MeasureAction[] =>
  ACTIONS.filter((action) => NOT_FOR[action]?.includes(kind) !== true)

/**
 * A target in the spelling that matching knows; `null` when there can be no such thing. Addresses are keyed like
 * sources: a v6 address stands for its /64.
 */
export function readTarget({ kind, key, service }: Target): Target | null {
  const read = keyOf(kind, key.trim())
  return read === null ? null : { kind, key: read, service: kind === 'service' ? null : service }
}

function keyOf(kind: TargetKind, key: string): string | null {
  switch (kind) {
    case 'range': {
      const prefix = key.endsWith('*') ? key.slice(0, -1) : key
      return /^\+[1-9][0-9]{0,14}$/.test(prefix) ? prefix : null
    }
    case 'country':
      return COUNTRIES.has(key) ? key : null
    case 'network':
      return /^AS[1-9][0-9]{0,9}$/i.test(key) ? key.toUpperCase() : null
    case 'ip': {
      const entry = listEntry(key)
      if (entry === null) return null
      return entry.endsWith('/64') ? entry : isIP(entry) === 0 ? null : ipKeyOfText(entry)
    }
    case 'subnet': {
      const entry = listEntry(key)
      return entry !== null && /\/(24|48)$/.test(entry) ? entry : null
    }
    default:
      return key === '' || key.length > 256 ? null : key
  }
}

/** Numbers have at least this many digits where a sub-block of them has fewer. */
const WHOLE_NUMBER_DIGITS = 11

/** A target as the audit log, viewers and messages may see it: a whole number masked, a range as it is. */
export const targetLabel = ({ kind, key }: Pick<Target, 'kind' | 'key'>): string =>
  kind === 'range' && key.length > WHOLE_NUMBER_DIGITS ? maskNumber(key) : key
