import { OUTCOME, type Outcome } from '../message-log.js'

const VERIFIED = new Set(
  'verified converted approved success successful completed complete confirmed correct valid passed pass earned activated true yes y 1 ok'.split(
    ' ',
  ),
)
const UNVERIFIED = new Set(
  'unverified unconverted notverified notconverted failed fail failure expired cancelled canceled denied incorrect invalid lost maxattemptsreached deleted rejected false no n 0'.split(
    ' ',
  ),
)

/** Whether a code was entered, from a word for it; what is still under way is unknown. */
export function outcomeOf(text: string): Outcome {
  const word = text.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (VERIFIED.has(word)) return OUTCOME.verified
  return UNVERIFIED.has(word) ? OUTCOME.unverified : OUTCOME.unknown
}
