import { fact, type Rule } from './context.js'

/** A decision that was made without the shared store says so; that alone asks for nothing. */
export const store: Rule = ({ state: { standIn }, firm }) => {
  if (standIn !== undefined) firm.push(fact(`store.${standIn}`, 'allow', 'lines'))
}
