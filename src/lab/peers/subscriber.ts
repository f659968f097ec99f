import type { NumberFacts } from '../../engine/facts.js'

/** Whom a rule counts: the number in E.164, or what was typed where it is none. */
export const subscriberOf = (typed: string, number: NumberFacts): string =>
  number.e164 === '' ? typed : number.e164
