import type { Measured } from './measures.js'

/**
 * What a request says, after the leaf modules (`phone`, `network`) have looked at it. Plain data, no state:
 * the same facts and the same lines always give the same decision.
 */

/** Line types of libphonenumber, in its own words. */
export const NUMBER_TYPES = [
  'MOBILE',
  'FIXED_LINE_OR_MOBILE',
  'FIXED_LINE',
  'VOIP',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
  'TOLL_FREE',
  'SHARED_COST',
  'PREMIUM_RATE',
  'UNKNOWN',
] as const
export type NumberType = (typeof NUMBER_TYPES)[number]

/** Why an input is not a number a code can be sent to. `null` on a usable number. */
export type NumberProblem =
  /** not a phone number at all, or letters, trailing text, too long */
  | 'unparseable'
  /** carries an extension: one subscriber would have many keys */
  | 'extension'
  /** not possible or not valid in its numbering plan */
  | 'invalid'
  /** satellite, global or shared code: +870 +878 +881 +882 +883 +888 +979 +800 +808 */
  | 'global_code'

export interface NumberFacts {
  /** E.164 with the plus sign; empty when `problem` is 'unparseable' */
  e164: string
  problem: NumberProblem | null
  /** ISO 3166 alpha-2 (XK for Kosovo), '001' for global codes, '' when unknown */
  country: string
  /** without the plus sign, e.g. '234' */
  callingCode: string
  type: NumberType
  /** operator that holds the range, `null` when no operator is named for it */
  operator: string | null
  /**
   * `false`: valid, but in a range no operator holds, in a country whose ranges are otherwise known.
   * `true` also where the country names no operators at all (all of +1).
   */
  allocated: boolean
  /** key of the operator line: country and operator, or country and leading national digits without one */
  operatorRange: string
  /** E.164 without its last four digits (10,000 numbers), never shorter than calling code + 1 digit */
  block: string
  /** E.164 without its last three digits (1,000 numbers) */
  subBlock: string
}

export interface SourceFacts {
  /** the client's address, v4 or v6 in canonical text; `null` when none was given */
  ip: string | null
  /** key of the IP line: the v4 address, or the v6 /64 */
  ipKey: string | null
  /** key of the subnet line: v4 /24, v6 /48 */
  subnetKey: string | null
  /** autonomous system number; `null` when unknown */
  asn: number | null
  asnName: string | null
  /** ISO 3166 alpha-2 of the address; soft evidence */
  country: string | null
  /** the network belongs to a hosting provider */
  hosting: boolean
}

export interface ContextFacts {
  deviceId: string | null
  accountId: string | null
  sessionId: string | null
  userAgent: string | null
  /** age of the application's session, ms */
  sessionAgeMs: number | null
  /** events of the session before this request (page views, clicks) */
  precedingEvents: number | null
  /** id of the API key that asked */
  apiKeyId: string | null
}

/** One match against the lists of the policy or of the operator's console. */
export interface ListMatch {
  list: 'allow' | 'deny'
  /** the entry that matched, as written: a number, prefix*, CIDR, AS number, device:x, account:x */
  entry: string
}

export interface Facts {
  service: string
  number: NumberFacts
  source: SourceFacts
  context: ContextFacts
  /** price of one message to this number, micro-USD */
  priceMicroUsd: number
  /** strongest list match, deny before allow */
  listed: ListMatch | null
  /** measures of the playbook that speak of it; `null` when none does */
  measured: Measured | null
  /** a challenge bound to this number and service was solved for this request */
  challengePassed: boolean
  /** a person has approved it: what asked for a person, or for a challenge, is answered */
  reviewed: boolean
}
