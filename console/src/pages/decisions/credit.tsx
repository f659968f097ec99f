import type { Credit } from '../../../../src/ledger/rows'
import { StateBadge, type Tone } from '../../kit'

const WORDS: Record<Credit, { tone: Tone; word: string; about: string }> = {
  none: { tone: 'plain', word: 'Not sent', about: 'No message went out, nothing was charged.' },
  reserved: {
    tone: 'accent',
    word: 'Waiting',
    about: 'The message is out; its code has not come back yet.',
  },
  earned: { tone: 'good', word: 'Verified', about: 'The code came back.' },
  activated: {
    tone: 'good',
    word: 'Activated',
    about: 'The code came back, and the account came to life.',
  },
  lost: {
    tone: 'bad',
    word: 'Unverified',
    about: 'The code never came back: money without a user.',
  },
  failed: { tone: 'warn', word: 'Not delivered', about: 'The message did not arrive.' },
  released: {
    tone: 'plain',
    word: 'Not sent',
    about: 'No provider took the message; the charge was given back.',
  },
}

export const creditWords = (credit: Credit): string => WORDS[credit].about

/** What became of a message. */
export const CreditBadge = ({ credit }: { credit: Credit }) => (
  <span title={WORDS[credit].about}>
    <StateBadge tone={WORDS[credit].tone}>{WORDS[credit].word}</StateBadge>
  </span>
)
