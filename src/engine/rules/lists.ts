import { fact, type Rule } from './context.js'

/** Steps 1 and 4: lists change the verdict, never the book-keeping. */
export const lists: Rule = ({ facts, firm, soft }) => {
  if (facts.listed === null) return
  if (facts.listed.list === 'deny') firm.push(fact('list.denied', 'deny', facts.listed.entry))
  else soft.push(fact('list.allowed', 'allow', facts.listed.entry))
}
