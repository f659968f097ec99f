import type { DecisionDetail } from '../../../../src/http/console/decisions-view'

type Told = Pick<DecisionDetail, 'verdict' | 'would' | 'mode' | 'credit' | 'reasons' | 'knownGood'>

/** The verdict in three words. */
export function headline({ verdict, would, mode }: Told): string {
  if (mode === 'monitor' && would !== verdict)
    return {
      allow: 'Sent',
      challenge: 'Sent; would be challenged',
      hold: 'Sent; would be held',
      deny: 'Sent; would be refused',
    }[would]
  return {
    allow: 'Let through',
    challenge: 'Asked to solve a challenge',
    hold: 'Held for a person',
    deny: 'Refused',
  }[verdict]
}

/** What happened, as it can be read to the customer. */
export function inPlainWords(told: Told): string {
  const { verdict, would, mode, credit, knownGood } = told
  if (mode === 'monitor' && would !== verdict)
    return `The service is in monitor mode: the message was sent, and this is what enforce mode would have said. ${became(credit)}`
  if (verdict === 'allow')
    return knownGood
      ? `This number had verified before, so it passed although its lines were full. ${became(credit)}`
      : `Nothing spoke against it strongly enough. ${became(credit)}`
  if (verdict === 'challenge')
    return `No message was sent yet: the app was told to let the person solve a challenge first, because ${because(told)}. Solving it sends the code.`
  if (verdict === 'hold')
    return `No message was sent: the request waits for a person’s answer in the review queue, because ${because(told)}.`
  return `No message was sent and nothing was charged, because ${because(told)}.`
}

/** The strongest reason, as the end of a sentence. */
const because = ({ reasons }: Told): string => reasons[0]?.sentence ?? 'its policy says so'

const became = (credit: DecisionDetail['credit']): string =>
  ({
    none: 'No message went out.',
    reserved: 'The message is out; its code has not come back yet.',
    earned: 'The code came back.',
    activated: 'The code came back, and the account came to life.',
    lost: 'The code never came back.',
    failed: 'The message did not arrive.',
    released: 'No provider took the message, and the charge was given back.',
  })[credit]

/** Names of lines as people say them. */
const LINE_WORDS: Record<string, string> = {
  subBlock: '1,000 adjacent numbers',
  block: '10,000 adjacent numbers',
  operator: 'operator',
  country: 'country',
  abroad: 'outside the markets',
  service: 'service',
  number: 'number',
  ip: 'address',
  subnet: 'subnet',
  network: 'network',
  device: 'device',
  account: 'account',
  session: 'session',
}
export const lineWords = (line: string): string => LINE_WORDS[line] ?? line

const EVENT_WORDS: Record<string, string> = {
  'start: allow': 'Asked for a code; let through',
  'start: challenge': 'Asked for a code; challenge asked',
  'start: hold': 'Asked for a code; held for review',
  'start: deny': 'Asked for a code; refused',
  'resend: allow': 'Asked again; let through',
  'resend: challenge': 'Asked again; challenge asked',
  'resend: hold': 'Asked again; held for review',
  'resend: deny': 'Asked again; refused',
  'decision: allow': 'Asked for a decision; let through',
  'decision: challenge': 'Asked for a decision; challenge asked',
  'decision: hold': 'Asked for a decision; held for review',
  'decision: deny': 'Asked for a decision; refused',
  'message pending': 'Handed to the provider',
  'message accepted': 'Message taken by the provider',
  'message delivered': 'Message delivered',
  'message failed': 'Message failed',
  'message unknown': 'Message perhaps sent: the gateway stopped in between',
  verified: 'Code entered',
  lost: 'Counted as lost: no code came back in time',
  failed: 'Counted as not delivered',
  released: 'Charge given back',
  expired: 'Expired',
  cancelled: 'Cancelled',
  activated: 'Account activated',
  banned: 'Account banned',
  chargeback: 'Chargeback',
}
export const eventWords = (event: string): string => EVENT_WORDS[event] ?? event

export const VERDICT_WORDS = {
  allow: 'let through',
  challenge: 'asked for a challenge',
  hold: 'held for review',
  deny: 'refused',
} as const
