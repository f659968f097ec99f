import { STATUS, type Status } from '../message-log.js'

/** What a status says: how far the message came, or that none went out. */
export type StatusWord = Status | 'not_sent'

const words = (text: string): string[] => text.split(' ')

/** Words of the providers' documentation, letters and digits only (see each format for its source). */
const MEANING = new Map<string, StatusWord>([
  ...words(
    'delivered deliveredtohandset deliveredtooperator read seen opened success delivrd confirmed textdelivered messagehasbeenacceptedbyphone',
  ).map((word) => [word, STATUS.delivered] as const),
  ...words(
    'sent sending queued accepted submitted buffered enroute dispatched pending successful scheduledtosend partiallydelivered processed textsuccessful textsent textpending textqueued messagehasbeenacceptedbyphonecarrier deliveryunconfirmed reserved acceptd ok inprogress processing pendingaccepted pendingenroute pendingwaitingdelivery handedover',
  ).map((word) => [word, STATUS.sent] as const),
  ...words(
    'undelivered failed failure rejected expired undeliverable deliveryfailed sendingfailed deleted aborted undeliv error notdelivered bounced invalid unreachable textunreachable textcarrierunreachable carrierunreachable textttlexpired ttlexpired textinvalid textinvalidmessage textcarrierblocked carrierblocked textspam spam textunknown permanentfailure invalidmessage textfailed rejectd unroutable invaliddestinationaddress',
  ).map((word) => [word, STATUS.failed] as const),
  ...words(
    'canceled cancelled scheduled draft blocked textblocked textprotectblocked protectblocked denied held released skipped gwtimeout none',
  ).map((word) => [word, 'not_sent'] as const),
])

/** Sentences of AWS begin with what they mean. https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html */
const SENTENCES: readonly [RegExp, StatusWord][] = [
  [/accepted by phone$/, STATUS.delivered],
  [/accepted by phone carrier/, STATUS.sent],
  [
    /^(?:blocked as spam|phone carrier|destination|invalid|unknown error|phone (?:has|is))/,
    STATUS.failed,
  ],
]

/** Meaning of a provider's status; words nobody knows are `unknown`. */
export function statusOf(text: string): StatusWord {
  const known = MEANING.get(text.toLowerCase().replace(/[^a-z0-9]/g, ''))
  if (known !== undefined) return known
  const sentence = text.toLowerCase().trim()
  return SENTENCES.find(([pattern]) => pattern.test(sentence))?.[1] ?? STATUS.unknown
}

export const isStatusWord = (text: string): boolean =>
  MEANING.has(text.toLowerCase().replace(/[^a-z0-9]/g, ''))
