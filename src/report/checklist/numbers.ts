import { type Check, type CheckId, pass, servicesOf } from './row.js'

/** Line types that never should be paid for: the called party earns, or cannot receive. */
const NEVER = [
  'PREMIUM_RATE',
  'SHARED_COST',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
] as const

/** What numbers are taken. */
export const NUMBER_CHECKS: Record<Extract<CheckId, 'number-types'>, Check> = {
  'number-types': {
    group: 'numbers',
    title: 'Numbers are validated',
    of({ policy }) {
      const lax = servicesOf(policy).flatMap((one) => {
        const { numberTypes, unallocated } = one.service
        const types = NEVER.filter((type) => numberTypes[type] !== 'deny')
        const soft = [
          ...(numberTypes.VOIP === 'allow' ? ['VOIP'] : []),
          ...(unallocated === 'allow' ? ['unallocated ranges'] : []),
        ]
        return types.length + soft.length === 0 ? [] : [{ ...one, types, soft }]
      })
      if (lax.length === 0)
        return pass(
          'What cannot receive a code is refused; virtual and made-up numbers prove themselves first.',
          'premium, shared-cost and personal numbers denied',
        )
      const worse = lax.some(({ types }) => types.length > 0)
      return {
        state: worse ? 'fail' : 'warn',
        why: worse
          ? 'Numbers whose owner earns on each message are let through.'
          : 'Numbers that are cheap to have by the thousand are taken like any other.',
        evidence: lax
          .map(({ name, types, soft }) => `${name}: ${[...types, ...soft].join(', ')}`)
          .join('; '),
        remedy: {
          kind: 'policy',
          label: 'Refuse and challenge them',
          edits: lax.flatMap(({ path, types, soft }) => [
            ...types.map((type) => ({ path: [...path, 'numberTypes', type], value: 'deny' })),
            ...(soft.includes('VOIP')
              ? [{ path: [...path, 'numberTypes', 'VOIP'], value: 'challenge' }]
              : []),
            ...(soft.includes('unallocated ranges')
              ? [{ path: [...path, 'unallocated'], value: 'challenge' }]
              : []),
          ]),
        },
      }
    },
  },
}
