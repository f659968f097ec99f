import type { AuditResult } from '../audit-result.js'

export interface Limits {
  outcomes: number
  estimated: number
  masked: number
  rows: number
  /** recorded ones: silences are not among them */
  days: number
  /** first and last day of times without a single message */
  silences: readonly (readonly [from: string, to: string])[]
  declared: boolean
  ips: boolean
  /** somebody said which currency the prices are in */
  currencyNamed: boolean
  currency: string
  /** what it is worth in US dollars is known */
  rateKnown: boolean
  /** of the messages, those priced by the list, and what the list is */
  listed: number
  priceList: string
}

/** Silences told one by one. */
const SHOWN = 4

function listedSilences(silences: Limits['silences']): string {
  const told = silences.slice(0, SHOWN).map(([from, to]) => `from ${from} to ${to}`)
  const more = silences.length - told.length
  return `${told.join(', ')}${more > 0 ? `, and ${more} times more` : ''}`
}

const percent = (x: number): string =>
  x > 0 && x < 0.005 ? 'under 1 %' : `${Math.round(100 * x)} %`

/** Where prices are from that the log does not have, in a sentence. */
export function priceSource({
  estimated,
  listed,
  priceList,
}: Pick<AuditResult['spend'], 'estimated' | 'listed' | 'priceList'>): string {
  const none = `${percent(estimated)} of the messages have no price in the log`
  const list = `of a price list (${priceList})`
  if (listed === 0) return `${none}: theirs is the usual one of their country in it.`
  if (listed === estimated) return `${none}: theirs is ${list}.`
  return `${none}: theirs is the usual one of their country in it, or where it has none, for ${percent(listed)}, ${list}.`
}

/** What a log cannot show, in plain words. */
export function limitsOf(log: Limits): string[] {
  const said: string[] = []
  if (log.outcomes < 0.5) {
    said.push(
      log.outcomes === 0
        ? 'The log does not say which codes were entered. Fraud is told by how many messages a range got, when, and where: an attack that spreads like people over all ranges of a country is not seen. A file of outcomes sharpens every figure.'
        : `Only ${percent(log.outcomes)} of the messages say whether their code was entered; where most of a country's do not, counts alone decide.`,
    )
  } else {
    said.push(
      'Whoever owns the numbers can enter the codes himself: messages that were verified count as people, so fraud of that kind is not in the figures.',
    )
  }
  if (log.silences.length > 0)
    said.push(
      `The log has no message at all ${listedSilences(log.silences)}: nothing seems to have been recorded there, so what is usual is reckoned by the other ${log.days} days. Is a file missing?`,
    )
  if (log.days < 14)
    said.push(
      `The log covers ${log.days} ${log.days === 1 ? 'day' : 'days'}: what is usual is learned from it as well, so an attack that ran all the time passes for usual. Four weeks or more are better.`,
    )
  else
    said.push('An attack that ran all through the log, at an even pace, passes for what is usual.')
  if (log.masked > 0)
    said.push(
      `${percent(log.masked / log.rows)} of the numbers are masked: resends and neighbouring numbers cannot be seen there.`,
    )
  if (log.estimated > 0)
    said.push(
      `${priceSource(log)}${log.listed === 0 || log.rateKnown ? '' : ' Its US dollars were taken one for one: give --usd-rate.'}`,
    )
  if (!log.currencyNamed && log.estimated < 1)
    said.push(
      'The log names no currency, so its amounts are taken for US dollars: say which they are with --currency.',
    )
  if (!log.rateKnown)
    said.push(
      `The gate counts in US dollars and the log in ${log.currency}: what Tollgate would have stopped was tried with the prices of the list (${log.priceList}), not with those billed. Give --usd-rate.`,
    )
  if (!log.declared)
    said.push(
      'No markets were given, so the countries that got messages steadily count as the user base. Name them to sharpen what is said of others.',
    )
  if (!log.ips) said.push('The log has no IP addresses, so who asked is not known.')
  said.push(
    'Messages that a carrier adds on its way are not in a send log; compare the invoice with it.',
  )
  return said
}
