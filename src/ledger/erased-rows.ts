import { OPEN_STATUS } from './pseudonymise.js'
import type { ChargeRecord, RequestRow, SendRow, VerificationRow } from './rows.js'

/** Stands where something of a person was. */
export const ERASED = 'erased'

/** Lines and reasons that are about a person or their surroundings, and not about a destination. */
const PERSONAL = /^(number|sub_?block|ip|subnet|device|account|session|list)$/i
const isPersonal = (subject: string): boolean => PERSONAL.test(subject)

/** What is left of a request: when, where to, what was decided, what it cost and what became of it. */
export function erasedRequest(row: RequestRow): Partial<Omit<RequestRow, 'id'>> {
  return {
    number: ERASED,
    ip: null,
    subnet: null,
    deviceId: null,
    accountId: null,
    sessionId: null,
    userAgent: null,
    reasons: row.reasons.map((reason) =>
      isPersonal(reason.code.split('.', 1)[0] ?? '') ? { ...reason, subject: ERASED } : reason,
    ),
    charge: row.charge === null ? null : erasedCharge(row.charge),
  }
}

/** Of a settled charge. What it was settled on is history: the lines themselves have moved long ago. */
const erasedCharge = (charge: ChargeRecord): ChargeRecord => ({
  ...charge,
  numberKey: ERASED,
  sources: [],
  lines: charge.lines.filter(({ line }) => !isPersonal(line)),
  throttles: [],
})

/** An open verification ends: no code goes to somebody who asked to be forgotten. */
export const erasedVerification = (
  row: VerificationRow,
  now: number,
): Partial<Omit<VerificationRow, 'id' | 'version'>> => ({
  number: ERASED,
  to: '',
  codeHash: null,
  context: {},
  locale: null,
  tags: null,
  updatedAt: now,
  ...(OPEN_STATUS.some((open) => open === row.status) && { status: 'cancelled' as const }),
})

/** Providers know the message, and so the number, by their own id. */
export const erasedSend = (): Partial<Omit<SendRow, 'id'>> => ({ providerId: null, error: null })
