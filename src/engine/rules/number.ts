import type { ReasonCode } from '../reasons.js'
import { fact, type Rule } from './context.js'

const PROBLEM: Record<'unparseable' | 'invalid' | 'extension' | 'global_code', ReasonCode> = {
  unparseable: 'number.invalid',
  invalid: 'number.invalid',
  extension: 'number.extension',
  global_code: 'number.global_code',
}

/** Step 1: what cannot or may not receive a code. Never "unparseable, so unprotected". */
export const number: Rule = ({ facts, service, firm, soft }) => {
  const { problem, type, callingCode, allocated, block } = facts.number
  if (problem !== null) {
    firm.push(
      fact(PROBLEM[problem], 'deny', problem === 'global_code' ? `+${callingCode}` : problem),
    )
    return
  }
  const permitted = service.policy.numberTypes[type]
  if (permitted === 'deny') firm.push(fact('number.type', 'deny', type))
  else if (permitted === 'challenge') soft.push(fact('number.type', 'challenge', type))
  if (!allocated && service.policy.unallocated !== 'allow') {
    const list = service.policy.unallocated === 'deny' ? firm : soft
    list.push(fact('number.unallocated', service.policy.unallocated, block))
  }
}
