/** A sign of how an episode came about. */
export interface Sign {
  /** log-odds */
  logOdds: number
  sentence: string
}

/** A range and a time in which far more came than usual, or far less was verified. */
export interface Episode {
  level: 'block' | 'operator' | 'country'
  /** place of the block, operator or country */
  place: number
  country: number
  /** s since the epoch of the traffic, both inclusive */
  from: number
  to: number
  sessions: number
  verified: number
  /** sessions with an outcome; 0: judged by counts alone */
  known: number
  failed: number
  /** sessions that people usually bring in that time */
  usual: number
  /** verifications that so many sessions usually bring */
  expected: number
  /** sessions that were pumped if it is an attack, and their standard error */
  excess: number
  error: number
  /** many more were verified than people can have been: the codes of the others were entered as well */
  entered?: boolean
  /** sessions it marked as pumped that nothing had marked before */
  added: number
  /** and their money */
  addedMoney: number
  /** natural log of the evidence */
  llr: number
  /** P(attack) */
  probability: number
  kind: 'attack' | 'outage'
  signs: Sign[]
}
