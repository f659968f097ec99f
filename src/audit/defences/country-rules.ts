import { DAY } from '../../engine/units.js'
import { capOf, type NormalDays } from '../suggest/normal-days.js'
import { type Places, REFUSAL } from './places.js'
import type { Rule } from './rule.js'

/** Messages on days without incidents from which a country is one where users live. */
const USERS_FROM = 5

/** Rules over whole countries: allow-list, geo permission, daily caps. @param markets none: no allow-list */
export function countryRules(
  { countries }: Places,
  normal: NormalDays,
  markets: readonly string[],
): Rule[] {
  const rules: Rule[] = []
  if (markets.length > 0) {
    const allowed = countries.map((country) => markets.includes(country))
    rules.push({
      defence: 'allow-list',
      title: `Allow-list of countries: ${markets.slice(0, 8).join(', ')}${markets.length > 8 ? ` and ${markets.length - 8} more` : ''}`,
      source: '',
      assumption: 'nothing is sent outside the markets',
      stops: ({ country }) => allowed[country] !== true,
    })
  }
  const used = normal.countries.map(({ messages }) => messages >= USERS_FROM)
  rules.push({
    defence: 'geo-permission',
    title: 'Geographic permission: only countries with users',
    source: 'https://www.twilio.com/docs/verify/preventing-toll-fraud/verify-geo-permissions',
    assumption: `a country is on when it has at least ${USERS_FROM} messages on days without incidents, which is known only afterwards`,
    stops: ({ country }) => used[country] !== true,
  })

  const caps = normal.countries.map(capOf)
  const spent = new Float64Array(countries.length)
  const capAll = capOf(normal.all)
  let day = Number.NEGATIVE_INFINITY
  let spentAll = 0
  /** A cap follows the calendar, UTC, as ours and those of providers do. */
  function turn(at: number): void {
    const today = Math.floor(at / DAY)
    if (today === day) return
    day = today
    spent.fill(0)
  }
  let dayAll = Number.NEGATIVE_INFINITY
  const assumption =
    'the cap is twice a busy day without incident, at least a quarter over the costliest, which is known only afterwards'
  rules.push(
    {
      defence: 'cap-per-country',
      title: 'Daily spend cap for each country',
      source: '',
      assumption,
      stops({ at, country, price }) {
        turn(at)
        const sum = (spent[country] as number) + price
        if (sum > (caps[country] as number)) return true
        spent[country] = sum
        return false
      },
    },
    {
      defence: 'cap-in-all',
      title: 'Daily spend cap over everything',
      source: '',
      assumption,
      stops({ at, price }) {
        const today = Math.floor(at / DAY)
        if (today !== dayAll) spentAll = 0
        dayAll = today
        if (spentAll + price > capAll) return true
        spentAll += price
        return false
      },
    },
  )
  return rules
}

/** What the numbering plan alone refuses. */
export const validationRule = ({ refusal }: Places): Rule => ({
  defence: 'number-validation',
  title: 'Number validation: invalid, premium, not mobile, unallocated',
  source: '',
  assumption: 'numbers are judged by the numbering plan, with no look-up of the subscriber',
  stops: ({ block }) => refusal[block] !== REFUSAL.none,
})
