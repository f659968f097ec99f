/** Answers that only the Twilio-compatible API gives: natively a verdict is an answer, not an error. */
export const TWILIO_ERRORS = [
  'verdict_refused',
  'verdict_geo',
  'verdict_number',
  'verdict_line_type',
  'verdict_rate',
  'verification_unnamed',
  'safe_list_entry_exists',
  'unsupported_feature',
] as const
export type TwilioErrorCode = (typeof TWILIO_ERRORS)[number]

interface TwilioEntry {
  status: number
  title: string
  twilio: number
  mend: string
}

/** What the Twilio-compatible API alone refuses with. */
export const TWILIO_ENTRIES = {
  verdict_refused: {
    status: 403,
    title: 'Verification delivery attempt blocked',
    twilio: 60410,
    mend: '`details` has the verdict and its reasons, and the challenge where passing one lets it through.',
  },
  verdict_geo: {
    status: 403,
    title: 'Country not permitted',
    twilio: 60605,
    mend: 'Change the country in the policy.',
  },
  verdict_number: {
    status: 400,
    title: 'Not a number a code can be sent to',
    twilio: 60200,
    mend: 'Ask for the number again; send it in E.164.',
  },
  verdict_line_type: {
    status: 403,
    title: 'Line type not permitted',
    twilio: 60205,
    mend: 'Permit the line type in the policy if your users have such numbers.',
  },
  verdict_rate: {
    status: 429,
    title: 'Too many sends to this number',
    twilio: 60203,
    mend: 'Wait as long as Retry-After says.',
  },
  verification_unnamed: {
    status: 400,
    title: 'No target verification specified',
    twilio: 60221,
    mend: 'Give To or VerificationSid.',
  },
  safe_list_entry_exists: {
    status: 400,
    title: 'The number is on the safe list already',
    twilio: 60411,
    mend: 'There is nothing left to do.',
  },
  unsupported_feature: {
    status: 501,
    title: 'Not served by this API',
    twilio: 60204,
    mend: 'See docs/twilio-migration.md for what takes its place.',
  },
} as const satisfies Record<TwilioErrorCode, TwilioEntry>
