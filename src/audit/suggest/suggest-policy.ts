import type { Judged } from '../defences/judged.js'
import { type Survey, type SurveyOptions, surveyOf } from '../defences/survey.js'
import type { MessageLog } from '../message-log.js'
import { attackedRanges } from './attacked-ranges.js'
import { likelyMarkets } from './likely-markets.js'
import { type NormalDays, normalDays } from './normal-days.js'
import { normalDebt } from './normal-lines.js'
import { type Proposed, policyText } from './policy-text.js'
import { conversions, denied, suspects } from './proposed-lists.js'
import { budgetAndLines, caps } from './proposed-money.js'

export interface SuggestOptions extends SurveyOptions {
  /** ISO 3166 alpha-2; empty or left out: those that the log looks like */
  markets?: readonly string[]
}

export interface PolicySuggestion {
  /** a policy file that loads as it is */
  yaml: string
  reasons: { path: string; value: string; because: string }[]
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** What of the log says what is normal, in a sentence. */
function basis({ days, clean, fromAllDays }: NormalDays): string {
  return fromAllDays
    ? `Only ${clean} of its ${days} days are without incident, so what is normal is taken from all days without the messages that were found to be pumped: look at the amounts.`
    : `What is normal is taken from the ${clean} of its ${days} days without incident.`
}

function marketsOf(
  survey: Survey,
  normal: NormalDays,
  markets: readonly string[],
  declared: boolean,
): Proposed {
  const { countries } = survey.places
  const shareOf = (country: string): number => {
    const messages = normal.countries[countries.indexOf(country)]?.messages ?? 0
    return normal.all.messages > 0 ? messages / normal.all.messages : 0
  }
  const shares = markets
    .slice(0, 8)
    .map((country) => `${country} ${Number((100 * shareOf(country)).toPrecision(2))} %`)
  return {
    path: 'defaults.markets',
    value: `[${markets.join(', ')}]`,
    because: `${declared ? 'as declared' : 'each has at least 1 % of the messages that nothing speaks against'}${shares.length > 0 ? `: ${shares.join(', ')}` : ''}`,
  }
}

/**
 * A policy that fits a log: markets, spend caps, fraud budget and openings from what is normal in it, and a deny list of
 * the ranges that were attacked. Every setting says why. It starts in monitor mode: a log cannot tell what the
 * application's users will do next week.
 */
export function suggestPolicy(
  log: MessageLog,
  judged: Judged,
  options: SuggestOptions = {},
): PolicySuggestion {
  const survey = surveyOf(log, options)
  const normal = normalDays(survey, judged)
  const { markets: declared = [] } = options
  const markets = declared.length > 0 ? declared : likelyMarkets(survey.places, normal)
  const debt = normalDebt(survey, judged, markets)
  const rate = survey.prices.usdPerUnit
  const { order } = judged
  const first = log.columns.at[order[0] ?? 0] ?? 0
  const last = log.columns.at[order[order.length - 1] ?? 0] ?? 0

  const settings: Proposed[] = [
    {
      path: 'mode',
      value: 'monitor',
      because:
        'everything is decided and recorded, nothing refused: look at a week of decisions, then write enforce',
    },
    ...caps.inAll(normal, rate),
    marketsOf(survey, normal, markets, declared.length > 0),
    ...suspects(survey, judged, markets),
    ...budgetAndLines(normal, debt, rate),
    ...conversions(debt),
    ...caps.perCountry(survey, normal, rate),
    ...denied(attackedRanges(survey, judged)),
  ]
  const heading = [
    `Proposed from ${log.size.toLocaleString('en-US')} messages${log.size > 0 ? `, ${day(first)} to ${day(last)}` : ''}. ${basis(normal)}`,
    ...(rate === null
      ? [
          `Prices are in ${survey.currency} and policies in USD: without a rate no amounts are proposed, and the built-in ones stand.`,
        ]
      : []),
  ]
  return {
    yaml: policyText(heading, settings),
    reasons: settings.map(({ path, value, because }) => ({
      path,
      value: typeof value === 'string' ? value : value.map((entry) => entry.value).join(', '),
      because,
    })),
  }
}
