/** A message as a rule of the checklist sees it; one object, filled anew for each message. */
export interface Asked {
  /** Unix ms; messages come in the order of time */
  at: number
  /** digits of E.164, masked ones 0 */
  number: number
  masked: number
  /** place in the log's addresses, 0: none */
  ip: number
  /** of the survey's places */
  block: number
  country: number
  /** micro of the log's currency */
  price: number
  /** P(pumped): only for what a person finds out afterwards */
  probability: number
  /** whether its code would have been entered */
  verified: boolean
}

/** One defence of the checklist, by itself. */
export interface Rule {
  defence: string
  title: string
  /** where its figures are published; '' where they come from the log or from us */
  source: string
  /** how it was reckoned, in a sentence */
  assumption: string
  /** Whether it keeps the message from being sent. Called once for each, in the order of time. */
  stops(asked: Asked): boolean
}
