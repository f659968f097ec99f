import type { Random } from '../random.js'

/** How somebody is connected: a carrier's shared addresses, a line at home, a rented server, a stranger's line at home. */
export type Access = 'mobile' | 'fixed' | 'hosting' | 'residential'

/** Real numbering plans, networks and prices to draw people and attackers from. */
export interface World {
  /** A valid mobile number of the country (ISO 3166 alpha-2), E.164, over its operators' ranges as subscribers are. */
  number(country: string, random: Random): string
  /** `n` different blocks (E.164 without the last four digits), of one operator where one has enough of them. */
  blocks(country: string, n: number, random: Random): string[]
  /** A valid number in a block; `nth` for the nth one, so that an attacker can count up. */
  numberIn(block: string, random: Random, nth?: number): string
  /** An address of the country's networks of that kind, v4 text. `*`: of any country. Servers are rented anywhere. */
  address(country: string, access: Access, random: Random): string
  /** price of a message to the country, micro-USD */
  price(country: string): number
}
