import { Type } from '@sinclair/typebox'
import type { SendRow } from '../../ledger/rows.js'
import type { VerificationView } from '../../verify/types.js'
import { sidOf } from '../ids.js'
import { strings } from '../schema.js'
import { iso } from './fields.js'

const STATUSES = [
  'pending',
  'approved',
  'canceled',
  'max_attempts_reached',
  'deleted',
  'failed',
  'expired',
] as const
type Status = (typeof STATUSES)[number]

const STATUS: Record<VerificationView['status'], Status> = {
  challenge_required: 'pending',
  held: 'pending',
  denied: 'failed',
  sent: 'pending',
  verified: 'approved',
  expired: 'expired',
  cancelled: 'canceled',
  failed: 'failed',
}

const common = {
  sid: Type.String(),
  service_sid: Type.String(),
  account_sid: Type.String(),
  to: Type.String(),
  channel: strings(['sms']),
  status: strings(STATUSES),
  valid: Type.Boolean(),
  amount: Type.Null(),
  payee: Type.Null(),
  date_created: Type.String(),
  date_updated: Type.String(),
}

export const Verification = Type.Object({
  ...common,
  lookup: Type.Object({}),
  send_code_attempts: Type.Array(
    Type.Object({ time: Type.String(), channel: Type.String(), attempt_sid: Type.String() }),
  ),
  sna: Type.Null(),
  url: Type.String(),
})

export const VerificationCheck = Type.Object({
  ...common,
  sna_attempts_error_codes: Type.Array(Type.Unknown()),
})

interface Where {
  serviceSid: string
  accountSid: string
}

/** What Verification and VerificationCheck share. @param maxChecks of the service's policy */
function show(view: VerificationView, where: Where, maxChecks: number) {
  const status =
    view.status === 'sent' && view.checks >= maxChecks
      ? 'max_attempts_reached'
      : STATUS[view.status]
  return {
    sid: sidOf('VE', view.id),
    service_sid: where.serviceSid,
    account_sid: where.accountSid,
    to: view.to,
    channel: view.channel,
    status,
    valid: status === 'approved',
    amount: null,
    payee: null,
    date_created: iso(view.createdAt),
    date_updated: iso(view.updatedAt),
  }
}

export function showVerification(
  view: VerificationView,
  where: Where & { origin: string; maxChecks: number; sends: readonly SendRow[] },
) {
  const shown = show(view, where, where.maxChecks)
  return {
    ...shown,
    lookup: {},
    send_code_attempts: where.sends.map((send) => ({
      time: iso(send.at),
      channel: 'SMS',
      attempt_sid: sidOf('VL', send.requestId),
    })),
    sna: null,
    url: `${where.origin}/v2/Services/${where.serviceSid}/Verifications/${shown.sid}`,
  }
}

/** @param approved what the check found; a wrong code leaves the verification pending, as Twilio does */
export function showCheck(view: VerificationView, where: Where, approved: boolean) {
  return {
    ...show(view, where, Number.POSITIVE_INFINITY),
    status: approved ? ('approved' as const) : ('pending' as const),
    valid: approved,
    sna_attempts_error_codes: [],
  }
}
