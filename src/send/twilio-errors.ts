import { errorOfStatus } from './failure.js'
import type { SendError } from './port.js'

/**
 * Twilio's documented error codes of messages (twilio.com/docs/api/errors) by what they say about the number.
 * Codes that only concern other products (MMS, WhatsApp, content templates, registration forms) are left out.
 */
const CODES: Record<SendError, readonly number[]> = {
  unallocated: [
    21211, // invalid 'To' phone number. We only send valid E.164: to Twilio the number does not exist
    21217, // phone number does not appear to be valid
    30005, // unknown destination handset: unknown, inactive or no longer in service
  ],
  unreachable_type: [
    21612, // not reachable from this sender: no route to this kind of destination
    21614, // 'To' number is not a valid mobile number
    21635, // 'To' number cannot be a landline
    30006, // landline or unreachable carrier
  ],
  absent: [
    30003, // unreachable destination handset: off, out of coverage, roaming
  ],
  blocked: [
    30004, // message blocked: by the carrier or the recipient
    30007, // message filtered as spam or fraud
    30038, // one-time-code body filtered
    30450, // delivery blocked: Twilio suspects SMS pumping
    30453, // could not be delivered: Twilio suspects SMS pumping
  ],
  opted_out: [
    21610, // the recipient replied STOP
  ],
  rejected: [
    21212, // invalid 'From' number
    21265, // 'To' is a short code
    21266, // 'To' and 'From' are the same
    21602, // body missing
    21603, // 'From' missing
    21604, // 'To' missing
    21606, // 'From' is not a valid sender for this destination or account
    21609, // invalid StatusCallback URL
    21617, // body over 1,600 characters
    21619, // body, media or content missing
    21658, // parameter over its character limit
    21660, // 'From' does not belong to the account
    21661, // 'From' cannot send SMS
    21709, // sender ID not authorised for the messaging service
    21711, // sender not in the messaging service
    30010, // price over the maximum that was set
    30024, // sender ID not provisioned on the carrier
    30032, // toll-free sender not verified
    30034, // sender not registered for US 10DLC
    30040, // carrier requires a pre-registered sender ID
    30041, // sender not registered for the United Kingdom
  ],
  account: [
    10001, // account not active
    20003, // authentication failed, or balance used up
    20005, // account not active
    21408, // geo permission: SMS to this country not enabled on the account
    21608, // trial account: number not verified
    30002, // account suspended
    30037, // outbound messaging disabled
  ],
  throttled: [
    20429, // too many requests
    21611, // the sender's queue is full
    30001, // queue overflow
    30022, // US 10DLC rate limit
    30027, // US 10DLC daily limit of T-Mobile
    30036, // validity period expired while queued
    30454, // account over its message limit
  ],
  unavailable: [
    20500, // internal server error
    20503, // service unavailable
    21730, // under maintenance
    30021, // internal failure of the messaging service
    30410, // provider timeout
  ],
  unknown: [
    30008, // unknown error: the carrier gave no reason
  ],
}

const errorOfCode = new Map<number, SendError>(
  (Object.keys(CODES) as SendError[]).flatMap((error) =>
    CODES[error].map((code) => [code, error] as const),
  ),
)

/** Class of a Twilio error code; what the HTTP status says where the code is not known. */
export function twilioError(code: number | null, status?: number): SendError {
  const known = code === null ? undefined : errorOfCode.get(code)
  return known ?? (status === undefined ? 'unknown' : errorOfStatus(status))
}
