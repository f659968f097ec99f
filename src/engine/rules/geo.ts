import { SUBJECT_INDEX } from '../compile.js'
import { fact, type Rule } from './context.js'

/** Steps 1 and 9: what the country may get in this service. */
export const geo: Rule = ({ facts, service, query, firm, soft }) => {
  const { country, problem } = facts.number
  if (problem !== null) return
  const permission =
    service.policy.countries[country] ??
    (query.keys[SUBJECT_INDEX.abroad] !== '' ? service.policy.outside : 'allow')
  if (permission === 'deny') firm.push(fact('country.denied', 'deny', country))
  else if (permission === 'hold') soft.push(fact('country.hold', 'hold', country))
  else if (permission === 'challenge') soft.push(fact('country.challenge', 'challenge', country))
}
