/**
 * Ids are a prefix that says what they name and 32 lower-case hex digits: `ver_...` a verification, `dec_...` a
 * decision. Twilio's are two capitals and 32 hex digits: `VE...` and, for the decision behind a send, `VL...`.
 */
const PREFIX = { VE: 'ver_', VL: 'dec_' } as const
type SidPrefix = keyof typeof PREFIX

const HEX = /^[0-9a-f]{32}$/

export const isVerificationId = (id: string): boolean =>
  id.startsWith('ver_') && HEX.test(id.slice(4))

export const isDecisionId = (id: string): boolean => id.startsWith('dec_') && HEX.test(id.slice(4))

/** Twilio's form of an id of ours. */
export const sidOf = (prefix: SidPrefix, id: string): string =>
  `${prefix}${id.slice(PREFIX[prefix].length)}`

/** Our id behind one of Twilio's form; `null` when it cannot be one. */
export function idOfSid(prefix: SidPrefix, sid: string): string | null {
  const hex = sid.slice(2).toLowerCase()
  return sid.startsWith(prefix) && HEX.test(hex) ? `${PREFIX[prefix]}${hex}` : null
}
