import type { NumberType } from '../facts.js'
import type { Signal } from './signal.js'

const ofType = (
  code: string,
  start: number,
  why: string,
  says: string,
  types: readonly NumberType[],
): Signal => ({
  code,
  group: 'number',
  start,
  why,
  says,
  unit: null,
  read: ({ facts }) => (types.includes(facts.number.type) ? 1 : 0),
})

/** Line type of the number, for policies that permit more than mobile numbers. */
export const numberTypes: readonly Signal[] = [
  ofType(
    'number.voip',
    1.2,
    'Throw-away numbers of abused accounts were mostly VoIP (Thomas et al., CCS 2014), but people use it too.',
    'the number is a VoIP number',
    ['VOIP'],
  ),
  ofType(
    'number.fixed_line',
    1.5,
    'Few landlines receive SMS, and a code that cannot arrive is paid for all the same.',
    'the number is a landline',
    ['FIXED_LINE'],
  ),
  ofType(
    'number.shared_revenue',
    3.5,
    'Premium, shared-cost and personal numbers pay their holder by design, and few of them are read by people who sign up.',
    'the number is of a kind that pays its holder',
    ['PREMIUM_RATE', 'SHARED_COST', 'PERSONAL_NUMBER'],
  ),
  ofType(
    'number.no_handset',
    2.5,
    'No person reads codes on a pager, a mailbox, a company-wide or a toll-free number.',
    'the number belongs to no handset',
    ['PAGER', 'UAN', 'VOICEMAIL', 'TOLL_FREE'],
  ),
  ofType(
    'number.unknown_type',
    0.5,
    'Numbering plans leave some live ranges untyped; weak.',
    'the numbering plan does not say what kind of number it is',
    ['UNKNOWN'],
  ),
]
